// Compares the cost of the same keystrokes with our engine and with llama.cpp, on the same weights:
// npm run bench:llama -- --node-llama-cpp DIR [--lines 10000 --threads 1 --json]
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Model, TokenId } from "../../src/core/model.js";
import { quantile } from "../../src/core/statistics.js";
import { tokenize } from "../../src/core/tokens/healing.js";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import { loadModel } from "../../src/rwkv/load.js";
import { isBigMatrix } from "../../src/rwkv/weights/matrices.js";
import { dequantize, readQuantized } from "../../src/rwkv/weights/quantized.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";
import { ggufFile } from "../../test/support/ggufFile.js";
import { ggufModel } from "../../test/support/ggufModel.js";
import { openLlamaCpp, someVocabulary } from "../llamaCpp.js";
import { LargeModelSession } from "./largeModelSession.js";
import { longFile } from "./longFile.js";

/** The cost of a keystroke up to the first token of the completion. */
interface Cost {
  readonly tokens: number;
  readonly ms: number;
  /** CPU time of all threads. Other load on the machine hardly affects it. */
  readonly cpuMs: number;
}

interface Costs {
  readonly open: Cost;
  readonly typing: readonly Cost[];
  readonly editAbove: Cost;
  readonly afterEdit: readonly Cost[];
}

const embedded = path.join(process.cwd(), "models/default");
const checkpointBytes = 256 * 2 ** 20;
/** Text that the model would not write itself, so that each keystroke needs model runs. */
const typed = ["  const zq", "7 = kx9(", "wv3, 41) +", " jj8[vb2]", " * pq6;"];
const editedLine = 9;
/** With these options, llama.cpp's checkpoints take as much memory as ours. */
const checkpoints = { max: 496, interval: 212, maxMemory: checkpointBytes };
const batchSize = 512;

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    lines: { type: "string", default: "10000" },
    threads: { type: "string", default: "1" },
    "node-llama-cpp": { type: "string" },
  },
});

async function main(): Promise<void> {
  const package_ = options["node-llama-cpp"];
  if (package_ === undefined) throw new Error("give the folder of the package node-llama-cpp: --node-llama-cpp DIR");
  const text = [...longFile(Number(options.lines)), ""];
  const folder = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-llama-"));
  try {
    const threads = Number(options.threads);
    const model = await loadModel(embedded, { threads });
    const own = await withOurs(model, path.join(folder, "states"), text);
    const llama = await withLlama(model, { package_, file: path.join(folder, "model.gguf"), threads, text });
    await model.dispose();
    if (options.json) console.log(JSON.stringify({ own, llama }));
    else show(own, llama);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function withOurs(model: Model, states: string, text: readonly string[]): Promise<Costs> {
  const session = await LargeModelSession.open(model, undefined, { text, states, checkpointBytes, maxTokens: 1 });
  const end = text.length - 1;
  const type = async (line: number, more: string): Promise<Cost> => {
    const cpu = process.cpuUsage();
    const { tokensRead, ms } = await session.type(line, more);
    return { tokens: tokensRead, ms, cpuMs: cpuMsSince(cpu) };
  };
  const cpu = process.cpuUsage();
  session.moveTo(end);
  const { tokens, busyMs } = await session.readInBackground(Infinity);
  const open = { tokens, ms: busyMs, cpuMs: cpuMsSince(cpu) };
  const typing = [];
  for (const more of typed) typing.push(await type(end, more));
  const editAbove = await type(editedLine, "x");
  const afterEdit = [];
  for (const more of typed) afterEdit.push(await type(end, more));
  await session.end();
  return { open, typing, editAbove, afterEdit };
}

interface LlamaOptions {
  readonly package_: string;
  readonly file: string;
  readonly threads: number;
  readonly text: readonly string[];
}

/**
 * Measures llama.cpp, which resumes from a checkpoint. There is one every `interval` tokens and one at the start of the
 * line.
 */
async function withLlama(tokenizer: Model, { package_, file, threads, text }: LlamaOptions): Promise<Costs> {
  const source = dequantized(openSafetensors(path.join(embedded, "model.safetensors")));
  const { vocabularySize, headSize } = detectDimensions(source);
  const vocabulary = someVocabulary(vocabularySize);
  writeFileSync(file, ggufFile(ggufModel(source, { version: 7, headSize, matrices: "Q8_0", ...vocabulary }).file));
  const llama = await openLlamaCpp(path.resolve(package_));
  const model = await llama.loadModel({ modelPath: file, gpuLayers: 0 });
  const tokensOf = (part: string): TokenId[] => {
    const bytes = new TextEncoder().encode(part);
    return tokenize(tokenizer.tokenizer, bytes, 0, bytes.length);
  };
  const lines = [...text];
  const contextSize = 2 * tokensOf(text.join("\n")).length;
  const context = await model.createContext({ contextSize, batchSize, threads });
  const sequence = context.getSequence({ checkpoints });
  const read = async (above: string, line: string): Promise<Cost> => {
    const base = tokensOf(above);
    const rest = tokensOf(line);
    const before = sequence.tokenMeter.usedInputTokens;
    const start = performance.now();
    const cpu = process.cpuUsage();
    await sequence.adaptStateToTokens([...base, ...rest], false);
    if (sequence.nextTokenIndex < base.length) {
      await sequence.evaluateWithoutGeneratingNewTokens(base.slice(sequence.nextTokenIndex));
      await sequence.takeCheckpoint();
    }
    const left = [...base, ...rest].slice(sequence.nextTokenIndex);
    const generated = sequence.evaluate(left, { temperature: 0 });
    await generated.next();
    const costs = { ms: performance.now() - start, cpuMs: cpuMsSince(cpu) };
    await generated.return(undefined);
    return { tokens: sequence.tokenMeter.usedInputTokens - before, ...costs };
  };
  const type = (line: number, more: string): Promise<Cost> => {
    lines[line] = `${lines[line] ?? ""}${more}`;
    return read(`${lines.slice(0, line).join("\n")}\n`, lines[line] ?? "");
  };
  const end = text.length - 1;
  const open = await read(`${text.slice(0, end).join("\n")}\n`, " ");
  const typing = [];
  for (const more of typed) typing.push(await type(end, more));
  const editAbove = await type(editedLine, "x");
  const afterEdit = [];
  for (const more of typed) afterEdit.push(await type(end, more));
  await context.dispose();
  await model.dispose();
  await llama.dispose();
  return { open, typing, editAbove, afterEdit };
}

/**
 * A model's weights with floats instead of 8-bit matrices. Written as Q8_0, they differ from the original only in the
 * scales, which are rounded to half precision.
 */
function dequantized(source: TensorSource): TensorSource {
  const isPacked = (name: string): boolean => isBigMatrix(name) && source.dtype(name) === "I8";
  return {
    ...source,
    names: source.names.filter((name) => !name.endsWith(".scale")),
    dtype: (name) => (isPacked(name) ? "F32" : source.dtype(name)),
    readFloats: (name) => (isPacked(name) ? dequantize(readQuantized(source, name)) : source.readFloats(name)),
  };
}

function show(own: Costs, llama: Costs): void {
  const columns = ["tokens read", "ms", "CPU ms"];
  const titles = ["RWKV Code", "llama.cpp"].flatMap((who) => columns.map((column) => `${who}: ${column}`));
  console.log(`| up to the first token | ${titles.join(" | ")} |`);
  console.log(`|${"---|".repeat(1 + titles.length)}`);
  const row = (name: string, costs: (all: Costs) => readonly Cost[]): void => {
    const cells = [own, llama].flatMap((all) => {
      const median = (value: (cost: Cost) => number): number => quantile(costs(all).map(value), 0.5);
      return [median(({ tokens }) => tokens), median(({ ms }) => ms).toFixed(1), median((one) => one.cpuMs).toFixed(1)];
    });
    console.log(`| ${[name, ...cells].join(" | ")} |`);
  };
  row("the file, when it is opened", ({ open }) => [open]);
  row("first key on the last line", ({ typing }) => typing.slice(0, 1));
  row("further keys there (median)", ({ typing }) => typing.slice(1));
  row("a character in line 10", ({ editAbove }) => [editAbove]);
  row("then the first key on the last line", ({ afterEdit }) => afterEdit.slice(0, 1));
  row("further keys there (median)", ({ afterEdit }) => afterEdit.slice(1));
}

function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
