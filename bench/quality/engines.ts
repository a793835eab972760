import path from "node:path";
import { parseArgs } from "node:util";
import type { Model } from "../../src/core/model.js";
import { loadModel } from "../../src/rwkv/load.js";
import { replay, type Pause, type Stretch } from "./replay.js";
import { sourcesIn } from "./sources.js";
import { stretchesOf } from "./stretches.js";

const usage = "npm run quality:engines -- DIR… [--model DIR] [--files N] [--threshold 0.5] [--seed N] [--json]";
const engines = ["native", "onnxruntime"] as const;

interface Difference {
  readonly position: string;
  /** The text that each engine shows, in the order of `engines`. */
  readonly texts: readonly string[];
}

/** Types the same text with both engines, and lists the positions at which they show different completions. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: "string", default: path.join(__dirname, "../../models/default") },
      files: { type: "string", default: "12" },
      threshold: { type: "string", default: "0.5" },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
    },
  });
  if (positionals.length === 0) throw new Error(`usage: ${usage}`);
  const seed = Number(values.seed);
  const stretches = stretchesOf(positionals.flatMap(sourcesIn), Number(values.files), seed);
  const shown: Map<string, Pause>[] = [];
  for (const engine of engines) {
    const model = await loadModel(values.model, { threads: 1, weights: "int8", engine });
    shown.push(await pausesOf(model, stretches, Number(values.threshold)));
    await model.dispose();
  }
  const [native, other] = [shown[0]!, shown[1]!];
  // If one engine's completion is accepted further than the other's, only the other engine pauses within that text.
  const positions = [...native.keys()].filter((position) => other.has(position));
  const differences = positions
    .map((position): Difference => ({ position, texts: shown.map((pauses) => pauses.get(position)!.text) }))
    .filter(({ texts }) => new Set(texts).size > 1);
  const accepted = shown.map((pauses) => [...pauses.values()].reduce((sum, pause) => sum + pause.acceptedUnits, 0));
  if (values.json) {
    console.log(JSON.stringify({ engines, places: positions.length, accepted, differences }));
    return;
  }
  for (const { position, texts } of differences) {
    console.log(position);
    texts.forEach((text, i) => {
      console.log(`  ${engines[i]!.padEnd(12)} ${JSON.stringify(text)}`);
    });
  }
  console.log(
    `${positions.length} places, ${differences.length} differ; characters accepted: ${accepted.join(" and ")}`,
  );
}

/** The pauses by position. The key is file, line and column, counted from 1. */
async function pausesOf(model: Model, stretches: readonly Stretch[], threshold: number): Promise<Map<string, Pause>> {
  const all = new Map<string, Pause>();
  // The pauses do not depend on earlier results.
  const pausesAt = (line: number, at: number): boolean => (line * 31 + at * 7) % 12 === 0;
  const options = { linesAbove: Infinity, threshold, pausesAt, neighbors: [] };
  for (const stretch of stretches) {
    const { pauses } = await replay(model, stretch, options);
    for (const pause of pauses) all.set(`${stretch.source.path}:${pause.depth + 1}:${pause.at + 1}`, pause);
  }
  return all;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
