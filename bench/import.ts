import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { importModel } from "../src/rwkv/import/importModel.js";
import type { Quantization } from "../src/rwkv/import/importedTensors.js";
import type { EngineName } from "../src/rwkv/engine.js";
import { loadModel } from "../src/rwkv/load.js";
import { runSpeeds } from "./runs.js";
import { randomShape } from "./shapes.js";
import { writeSyntheticPth } from "./syntheticPth.js";
import { neverCancelled } from "../src/shared/cancellation.js";

/** The cost of one step. Each step runs in its own process. */
interface Cost {
  readonly ms: number;
  /** Peak memory of the process, and its memory before the step. */
  readonly peakBytes: number;
  readonly baseBytes: number;
}

interface Row {
  readonly shape: string;
  readonly weights: string;
  readonly sourceBytes: number;
  readonly importing: Cost;
  readonly loads: readonly (Cost & { readonly engine: string; readonly decodeMs: number; readonly prefill: number })[];
}

/** Measures imports and loads of files with random weights. By default they are as large as published models. */
function main(): void {
  const { values } = parseArgs({
    options: {
      shapes: { type: "string", default: "0.1B,0.4B" },
      weights: { type: "string", default: "int8,int4" },
      engines: { type: "string", default: "auto,onnxruntime" },
      in: { type: "string", default: os.tmpdir() },
      json: { type: "boolean", default: false },
    },
  });
  const folder = mkdtempSync(path.join(values.in, "rwkv-code-"));
  const rows: Row[] = [];
  try {
    const vocabulary = path.join(folder, "vocab.txt");
    writeFileSync(vocabulary, Array.from({ length: 256 }, (_, byte) => `${byte + 1} ${literal(byte)} 1\n`).join(""));
    for (const shape of values.shapes.split(",")) {
      const source = path.join(folder, `${shape}.pth`);
      const sourceBytes = writeSyntheticPth(source, randomShape(shape));
      for (const weights of values.weights.split(",")) {
        const made = path.join(folder, `${shape}-${weights}`);
        const importing = inChild("import", source, made, weights, vocabulary) as Cost;
        const loads = values.engines.split(",").flatMap((engine) => {
          // Each engine loads the model twice, because the file might not be in the system's cache the first time.
          return [1, 2].map(() => inChild("load", made, engine) as Row["loads"][number]);
        });
        rows.push({ shape, weights, sourceBytes, importing, loads });
        if (!values.json) show(rows.at(-1)!);
        rmSync(made, { recursive: true });
      }
      rmSync(source);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (values.json) console.log(JSON.stringify({ rows }));
}

function literal(byte: number): string {
  return `b'\\x${byte.toString(16).padStart(2, "0")}'`;
}

/** Runs one step of this program in a child process, so that only the step contributes to the peak memory. */
function inChild(...step: readonly string[]): unknown {
  return JSON.parse(execFileSync(process.execPath, [__filename, "--", ...step], { encoding: "utf8" }));
}

/** Peak memory of this process. On Linux, `resourceUsage` also counts the parent's memory before the fork. */
function peakBytes(): number {
  const status = "/proc/self/status";
  const peak = existsSync(status) ? /VmHWM:\s*(\d+) kB/.exec(readFileSync(status, "utf8"))?.[1] : undefined;
  return Number(peak ?? process.resourceUsage().maxRSS) * 1024;
}

async function runStep([step, ...args]: readonly string[]): Promise<object> {
  const baseBytes = process.memoryUsage().rss;
  const start = performance.now();
  const cost = (): Cost => ({
    ms: performance.now() - start,
    peakBytes: peakBytes(),
    baseBytes,
  });
  if (step === "import") {
    const [source = "", folder = "", weights, vocabulary] = args;
    const options = {
      folder,
      name: "random",
      quantization: weights as Quantization,
      chat: "none",
      vocabulary,
    } as const;
    await importModel(source, options, { onProgress: () => undefined, cancellation: neverCancelled });
    return cost();
  }
  const [folder = "", engine] = args;
  const model = await loadModel(folder, { threads: 1, engine: engine as EngineName });
  const loading = cost();
  const { decodeMs, prefillTokensPerSecond } = await runSpeeds(model);
  return { ...loading, engine: model.engine, decodeMs, prefill: prefillTokensPerSecond };
}

function show({ shape, weights, sourceBytes, importing, loads }: Row): void {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  const cost = ({ ms, peakBytes, baseBytes }: Cost): string =>
    `${(ms / 1000).toFixed(1)} s, at most ${megabytes(peakBytes)} (${megabytes(peakBytes - baseBytes)} more than at its start)`;
  console.log(`${shape} ${weights}: imported from ${megabytes(sourceBytes)} in ${cost(importing)}`);
  for (const load of loads) {
    const speeds = `decode ${load.decodeMs.toFixed(2)} ms, prefill ${load.prefill.toFixed(0)} tokens/s`;
    console.log(`  ${load.engine}: loaded in ${cost(load)}; ${speeds}`);
  }
}

const marker = process.argv.indexOf("--");
if (marker < 0) main();
else {
  void runStep(process.argv.slice(marker + 1)).then((result) => {
    console.log(JSON.stringify(result));
  });
}
