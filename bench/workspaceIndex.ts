// Measures the index of a workspace: the time to build it, memory, disk space, a restart, and lookups. Also measures
// the time per token for deciding what to show.
//   node scripts/benchmark.mjs workspaceIndex FOLDER
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { worthReading } from "../src/core/decoding/readingBenefit.js";
import { TextEnds } from "../src/core/decoding/textEnds.js";
import type { TokenId } from "../src/core/model.js";
import { quantile } from "../src/core/statistics.js";
import { readCalibration } from "../src/rwkv/calibrationFile.js";
import { WorkspaceIndexer } from "../src/workspace/workspaceIndexer.js";
import { embeddedModel } from "../test/support/paths.js";
import { randomFrom } from "../test/support/random.js";
import { starterTokenizer } from "../test/support/tokenizer.js";

/** Number of tokens that a typical request decodes. */
const requestTokens = 20;
const lookups = 3000;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

async function started(
  folder: string,
  storage: string,
): Promise<{ indexer: WorkspaceIndexer; ms: number; cpuMs: number }> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  const indexer = new WorkspaceIndexer({
    tokenizer: starterTokenizer,
    folders: [folder],
    isExcluded: () => false,
    storage,
    step: (work) => Promise.resolve(work()),
    onError: console.error,
    onLeftOut: console.error,
  });
  indexer.start();
  await indexer.settled();
  const { user, system } = process.cpuUsage(cpu);
  return { indexer, ms: performance.now() - start, cpuMs: (user + system) / 1000 };
}

/** Milliseconds for all lookups of a request. The requests are at random positions in the indexed files. */
function lookupMs({ index }: WorkspaceIndexer): number[] {
  const random = randomFrom(1);
  const { paths } = index;
  return Array.from({ length: lookups }, () => {
    const file = paths[random.below(paths.length)] ?? "";
    const tokens = [...(index.tokensOf(file) ?? [])] as TokenId[];
    const at = random.below(Math.max(1, tokens.length - requestTokens));
    const start = performance.now();
    const source = index.sourceFor(file, () => false);
    for (let i = 0; i < requestTokens; i++)
      source.forEachMatch(tokens.slice(Math.max(0, at + i - 16), at + i), () => 0);
    return performance.now() - start;
  });
}

/** Milliseconds per token for deciding how much of a text is worth showing. */
function gateMs(): number[] {
  const { correctness } = readCalibration(path.join(embeddedModel, "calibration.json"));
  const text =
    "  const total = sales.reduce((sum, { price, count }) => sum + price * count, 0);\n  return total / sales.length;\n";
  return Array.from({ length: lookups }, () => {
    const start = performance.now();
    const ends = new TextEnds(correctness);
    let units = 0;
    for (; units < text.length; units += 3) {
      ends.add({ token: 1 as TokenId, logProbability: -0.05 }, text.slice(0, units + 3), units);
    }
    worthReading(text, ends.finished(text.length) ?? [], 0.5);
    return (performance.now() - start) / (units / 3);
  });
}

async function measure(folder: string): Promise<void> {
  const storage = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-index-"));
  try {
    const before = process.memoryUsage().rss;
    const first = await started(folder, storage);
    const { files, leftOut, bytes } = first.indexer.state;
    const source = [...first.indexer.index.paths].reduce((sum, file) => sum + statSync(file).size, 0);
    const { ms, cpuMs } = first;
    const rate = (time: number): string => `${megabytes((source / time) * 1000)}/s`;
    const time = `${(ms / 1000).toFixed(2)} s, ${rate(ms)}, by processor time ${rate(cpuMs)}`;
    console.log(`built: ${files} files, ${megabytes(source)} in ${time}; ${leftOut} left out`);
    console.log(
      `memory: ${megabytes(bytes)} in the index, the process grew by ${megabytes(process.memoryUsage().rss - before)}`,
    );
    const stored = readdirSync(storage).reduce((sum, name) => sum + statSync(path.join(storage, name)).size, 0);
    console.log(`disk: ${megabytes(stored)}`);
    await first.indexer.dispose();
    const second = await started(folder, storage);
    console.log(`restart: ${(second.ms / 1000).toFixed(2)} s, processor ${(second.cpuMs / 1000).toFixed(2)} s`);
    for (const [what, ms] of [
      [`lookups of a request (${requestTokens} tokens)`, lookupMs(second.indexer)],
      ["gate per token", gateMs()],
    ] as const) {
      console.log(`${what}: p50 ${quantile(ms, 0.5).toFixed(4)} ms, p95 ${quantile(ms, 0.95).toFixed(4)} ms`);
    }
    await second.indexer.dispose();
  } finally {
    rmSync(storage, { recursive: true });
  }
}

const [folder] = process.argv.slice(2);
if (folder === undefined) console.error("usage: node scripts/benchmark.mjs workspaceIndex FOLDER");
else void measure(path.resolve(folder));
