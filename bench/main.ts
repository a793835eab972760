import path from "node:path";
import { parseArgs } from "node:util";
import { engineName } from "../src/cli/engineName.js";
import type { Model } from "../src/core/model.js";
import { quantile, type CompletionCost } from "../src/core/statistics.js";
import { loadModel } from "../src/rwkv/load.js";
import { besideChat, type BesideChat } from "./besideChat.js";
import { ngramCost, type NgramCost } from "./ngramCost.js";
import { logitsDifference } from "./exactness.js";
import { runSpeeds, type RunSpeeds } from "./runs.js";
import { typescript } from "../test/support/generatedText.js";
import { completionTokens, Typist } from "./typing.js";

interface KeystrokeRow {
  readonly lines: number;
  readonly suffixLines: number;
  readonly form: Model["prompt"]["form"];
  /** `p50Ms` and `p95Ms` count only completions of `completionTokens` tokens. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly completions: number;
  readonly p50FirstTokenMs: number;
  /** Maximum number of tokens read for a keystroke. The first keystroke on the line is not included. */
  readonly tokensRead: number;
  readonly tokensFromCheckpoint: number;
  readonly firstKeyTokensRead: number;
  readonly exact: boolean;
}

interface Report {
  readonly model: string;
  readonly engine: string;
  readonly loadMs: number;
  readonly runs: RunSpeeds;
  readonly keystroke: readonly KeystrokeRow[];
  /** Times of completions in a document of 1,000 lines while a chat reply is being written. */
  readonly besideChat: BesideChat;
  /** The cost of predictions by the document's n-grams, per token, for each document length. */
  readonly ngrams: readonly NgramCost[];
  /**
   * The largest difference between logits from a checkpoint and from reading a document of this length from the start.
   */
  readonly logitsDifference: { readonly lines: number; readonly fp32: number; readonly int8: number };
  /** Memory of the process after loading and running the model. */
  readonly rssMB: number;
}

const usage = "npm run bench [-- --engine NAME] [--lines 100,1000] [--json]";
const maxDifferenceLines = 10_000;
const suffixes = [0, 100];
/** Text that the model would not write itself, so that each keystroke needs model runs. */
const typedLine = "  const zq7 = kx9(wv3, 41) + jj8[vb2] * pq6;";
const model = path.join(__dirname, "../../models/default");

async function main(): Promise<void> {
  const start = performance.now();
  const { values } = parseArgs({
    options: {
      engine: { type: "string" },
      lines: { type: "string", default: "100,1000,10000,50000" },
      json: { type: "boolean", default: false },
    },
  });
  const depths = values.lines.split(",").map(Number);
  const loaded = await loadModel(model, { threads: 0, engine: engineName(values.engine, usage) });
  const loadMs = performance.now() - start;
  const runs = await runSpeeds(loaded);
  const rssMB = process.memoryUsage().rss / 2 ** 20;
  const keystroke = [
    ...(await keystrokes({ ...loaded, prompt: { ...loaded.prompt, form: "prefix" } }, depths)),
    ...(await keystrokes({ ...loaded, prompt: { ...loaded.prompt, form: "prefix-suffix-middle" } }, depths)),
  ];
  const lines = Math.min(maxDifferenceLines, Math.max(...depths));
  const report: Report = {
    model: loaded.name,
    engine: loaded.engine,
    loadMs,
    runs,
    keystroke,
    besideChat: await besideChat(loaded, typedLine),
    ngrams: depths.map((depth) => ngramCost(loaded, typescript(depth, 0))),
    logitsDifference: { lines, fp32: await differenceIn("fp32", lines), int8: await differenceIn("int8", lines) },
    rssMB,
  };
  if (values.json) console.log(JSON.stringify(report));
  else show(report);
}

/** Types the same line at all depths. The depths take turns with each key, so that other load affects all equally. */
async function keystrokes(loaded: Model, depths: readonly number[]): Promise<KeystrokeRow[]> {
  const cases = suffixes.flatMap((suffixLines) => depths.map((lines) => ({ lines, suffixLines })));
  const typists = [];
  for (const { lines, suffixLines } of cases) {
    const below = suffixLines === 0 ? "" : `\n${typescript(suffixLines, 900_000)}`;
    const typist = new Typist(loaded, typescript(lines, 0), below);
    await typist.readDocument();
    typists.push(typist);
  }
  const costs: CompletionCost[][] = cases.map(() => []);
  for (const character of typedLine) {
    for (const [i, typist] of typists.entries()) {
      const cost = await typist.key(character);
      if (cost !== undefined) costs[i]?.push(cost);
    }
  }
  return cases.map((one, i) => ({ ...one, form: loaded.prompt.form, ...summary(costs[i] ?? []) }));
}

function summary([first, ...others]: readonly CompletionCost[]): Omit<KeystrokeRow, "lines" | "suffixLines" | "form"> {
  // Counts only completions of full length, because shorter ones take less time, whatever the document's length.
  const whole = others.filter(({ tokensDecoded }) => tokensDecoded === completionTokens);
  const times = whole.map(({ ms }) => ms);
  return {
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    completions: times.length,
    p50FirstTokenMs: quantile(
      others.map(({ msToFirstToken }) => msToFirstToken),
      0.5,
    ),
    tokensRead: Math.max(...others.map(({ tokensRead }) => tokensRead)),
    tokensFromCheckpoint: Math.min(...others.map(({ tokensFromCheckpoint }) => tokensFromCheckpoint)),
    firstKeyTokensRead: first?.tokensRead ?? 0,
    exact: first?.exact === true && others.every(({ exact }) => exact),
  };
}

async function differenceIn(weights: "fp32" | "int8", lines: number): Promise<number> {
  const loaded = await loadModel(model, { threads: 1, weights });
  const difference = await logitsDifference(loaded, typescript(lines, 0));
  await loaded.dispose();
  return difference;
}

function show({ keystroke, runs, ...report }: Report): void {
  console.log(
    `${report.model}, ${report.engine}: loaded in ${report.loadMs.toFixed(0)} ms, ${report.rssMB.toFixed(0)} MB`,
  );
  console.log(
    `prefill ${runs.prefillTokensPerSecond.toFixed(0)} tokens/s, decode ${runs.decodeMs.toFixed(2)} ms a token\n`,
  );
  console.log(
    "form                    lines  below    p50     p95   first token  read  on the first key  from checkpoint  exact",
  );
  for (const row of keystroke) {
    console.log(
      `${row.form.padEnd(20)} ${String(row.lines).padStart(8)} ${String(row.suffixLines).padStart(6)}` +
        `${row.p50Ms.toFixed(1).padStart(8)}${row.p95Ms.toFixed(1).padStart(8)}${row.p50FirstTokenMs.toFixed(1).padStart(10)} ms` +
        `${String(row.tokensRead).padStart(7)}${String(row.firstKeyTokensRead).padStart(18)}` +
        `${String(row.tokensFromCheckpoint).padStart(17)}  ${row.exact}`,
    );
  }
  for (const { lines, predictionP50Ms, predictionP95Ms, besideP50Ms, besideP95Ms, mixtureP50Ms } of report.ngrams) {
    const alone = `${predictionP50Ms.toFixed(3)} ms (p95 ${predictionP95Ms.toFixed(3)})`;
    const prediction = `${alone}, with four more open ${besideP50Ms.toFixed(3)} ms (p95 ${besideP95Ms.toFixed(3)})`;
    console.log(`n-grams at ${lines} lines: ${prediction} per token, mixture ${mixtureP50Ms.toFixed(3)} ms`);
  }
  const { aloneP50Ms, aloneP95Ms, besideP50Ms, besideP95Ms, keys } = report.besideChat;
  console.log(
    `${keys} keys while a chat answer streams: p50 ${besideP50Ms.toFixed(1)} ms (alone ${aloneP50Ms.toFixed(1)}), ` +
      `p95 ${besideP95Ms.toFixed(1)} ms (alone ${aloneP95Ms.toFixed(1)}: ${(besideP95Ms / aloneP95Ms).toFixed(2)} times)`,
  );
  const { lines, fp32, int8 } = report.logitsDifference;
  console.log(
    `\nlogits at ${lines} lines against a fresh read: fp32 within ${fp32.toExponential(1)}, int8 within ${int8.toFixed(3)}`,
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
