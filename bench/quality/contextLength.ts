import path from "node:path";
import { parseArgs } from "node:util";
import type { Model, TokenId } from "../../src/core/model.js";
import { loadModel } from "../../src/rwkv/load.js";
import { measure, tokensOf, type Tally } from "./bits.js";
import { allSourcesIn, type Source } from "./sources.js";

const usage = "npm run quality:context -- DIR… [--model DIR] [--longer-than LINES] [--blocks N] [--json]";

const blockTokens = 512;
/** Context lengths in lines. They are compared with a context of all lines above. */
const windows = [20, 256] as const;

/** A block, and the bits and bytes of its tokens when they are predicted after each context length. */
interface Block {
  readonly language: string;
  /** The line on which the block starts, counted from 0. */
  readonly line: number;
  readonly after: Readonly<Record<"20" | "256" | "all", Tally>>;
}

/** Measures how much distant context helps: the bits per byte of blocks after 20, 256 and all lines above. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: "string" },
      "longer-than": { type: "string", default: "2000" },
      blocks: { type: "string", default: "8" },
      json: { type: "boolean", default: false },
    },
  });
  if (positionals.length === 0) throw new Error(`usage: ${usage}`);
  const folder = values.model ?? path.join(__dirname, "../../models/default");
  const model = await loadModel(folder, { threads: 1, weights: "int8" });
  const minLines = Number(values["longer-than"]);
  const sources = positionals.flatMap(allSourcesIn).filter(({ text }) => text.split("\n").length > minLines);
  const blocks: Block[] = [];
  for (const source of sources) blocks.push(...(await blocksOf(model, source, Number(values.blocks))));
  const rows = rowsOf(blocks);
  if (values.json) console.log(JSON.stringify({ model: model.name, files: sources.length, rows }));
  else show(`${model.name}: ${sources.length} files, ${blocks.length} blocks of ${blockTokens} tokens`, rows);
  await model.dispose();
}

/**
 * Measures equally spaced blocks. The first one starts just below the longest window; the last one ends with the file.
 */
async function blocksOf(model: Model, source: Source, count: number): Promise<Block[]> {
  const tokens = tokensOf(model, source);
  const lines = lineStarts(model, tokens);
  const first = lines[Math.max(...windows) + 1];
  if (first === undefined) return [];
  const room = tokens.length - blockTokens - first;
  if (room < 0) return [];
  const distinct = Math.min(count, Math.floor(room / blockTokens) + 1); // blocks must not overlap
  const starts = Array.from({ length: distinct }, (_, i) => first + Math.floor((room * i) / Math.max(1, distinct - 1)));
  const blocks = starts.map((start) => ({
    start,
    block: {
      language: source.language,
      line: lines.filter((at) => at <= start).length - 2, // the first line is the header
      after: { "20": emptyTally(), "256": emptyTally(), all: emptyTally() },
    },
  }));
  await measure(
    model,
    tokens,
    (at) => blocks.find(({ start }) => at >= start && at < start + blockTokens)?.block.after.all,
  );
  const header = tokens.slice(0, lines[1]);
  for (const { start, block } of blocks) {
    for (const window of windows) {
      const from = lines[Math.max(1, block.line + 1 - window)] ?? 0;
      const read = [...header, ...tokens.slice(from, start + blockTokens)];
      const own = read.length - blockTokens;
      await measure(model, read, (at) => (at >= own ? block.after[`${window}`] : undefined));
    }
  }
  return blocks.map(({ block }) => block);
}

const emptyTally = (): Tally => ({ bits: 0, bytes: 0 });

/** The index of the first token of each line. A token that spans two lines belongs to the first of them. */
function lineStarts({ tokenizer, prompt }: Model, tokens: readonly TokenId[]): number[] {
  const starts = [0];
  const newline = "\n".charCodeAt(0);
  tokens.forEach((token, i) => {
    if (token === prompt.header && i === 0) return;
    for (const byte of tokenizer.bytesOf(token)) if (byte === newline) starts.push(i + 1);
  });
  return starts;
}

interface ContextRow {
  readonly group: string;
  readonly blocks: number;
  /** Bits per byte after each length of context. */
  readonly bits: Readonly<Record<"20" | "256" | "all", number>>;
  /** Bits per byte saved by all lines above, compared with 256 lines: the mean over blocks, and its standard error. */
  readonly gain: number;
  readonly error: number;
}

function rowsOf(blocks: readonly Block[]): ContextRow[] {
  const groupsOf = ({ language, line }: Block): string[] => [language, depthOf(line), "all"];
  return [...new Set(blocks.flatMap(groupsOf))].map((group) => {
    const own = blocks.filter((block) => groupsOf(block).includes(group));
    const bits = (context: "20" | "256" | "all"): number =>
      sum(own.map(({ after }) => after[context].bits)) / sum(own.map(({ after }) => after[context].bytes));
    const gains = own.map(({ after }) => after["256"].bits / after["256"].bytes - after.all.bits / after.all.bytes);
    const gain = sum(gains) / gains.length;
    const variance = sum(gains.map((one) => (one - gain) ** 2)) / Math.max(1, gains.length - 1);
    const error = Math.sqrt(variance / gains.length);
    return { group, blocks: own.length, bits: { "20": bits("20"), "256": bits("256"), all: bits("all") }, gain, error };
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function depthOf(line: number): string {
  if (line < 1024) return "line < 1024";
  return line < 2048 ? "1024–2047" : "≥ 2048";
}

function show(title: string, rows: readonly ContextRow[]): void {
  console.log(`${title}\n| | blocks | 20 lines | 256 lines | the entire file | gain over 256 lines |`);
  console.log("|---|---:|---:|---:|---:|---:|");
  for (const { group, blocks, bits, gain, error } of rows) {
    const cells = [bits["20"], bits["256"], bits.all].map((one) => one.toFixed(3));
    console.log(`| ${group} | ${blocks} | ${cells.join(" | ")} | ${gain.toFixed(4)} ± ${error.toFixed(4)} |`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
