// Measures completions of larger models after edits, jumps and a restart, and the time to cancel a request. The models
// are widened copies of the embedded one: npm run bench:larger [-- --shapes 0.1B,0.4B --lines 1000,10000 --json]
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Model } from "../../src/core/model.js";
import { quantile } from "../../src/core/statistics.js";
import { loadModel } from "../../src/rwkv/load.js";
import { randomShape } from "../shapes.js";
import { writeWidenedModel } from "../widenedModel.js";
import { kindsOfEdit } from "./kindsOfEdit.js";
import { LargeModelSession, type Answer } from "./largeModelSession.js";
import { longFile } from "./longFile.js";
import { readByTheSmaller } from "./widenedStates.js";

interface Row extends Answer {
  readonly model: string;
  readonly lines: number;
  readonly event: string;
}

interface Totals {
  readonly model: string;
  readonly lines: number;
  /**
   * Number of tokens read in the background after the edits, and the share of the reading time during which the model
   * ran.
   */
  readonly backgroundTokens: number;
  readonly busyShare: number;
  readonly cancelMs: { readonly p50: number; readonly max: number; readonly count: number };
}

const embedded = path.join(process.cwd(), "models/default");
const embeddedShape = { layers: 8, width: 256 };
const checkpointBytes = 256 * 2 ** 20; // the default of rwkvCode.checkpointMemoryMB
const edits = kindsOfEdit.slice(0, 2); // small edits at the top of the file
const jumps = 4;
const cancellations = 20;
/** Maximum time to wait for background reading. */
const maxReadingMs = 30_000;
const restartedFrom = 2; // after the restart, a second completion is requested this many lines above the last line

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    shapes: { type: "string", default: "0.1B,0.4B" },
    lines: { type: "string", default: "1000,10000" },
  },
});

async function main(): Promise<void> {
  const temporary = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-larger-"));
  const small = await loadModel(embedded, { threads: 1 });
  const rows: Row[] = [];
  const totals: Totals[] = [];
  try {
    for (const name of options.shapes.split(",")) {
      const shape = randomShape(name);
      const folder = path.join(temporary, name);
      await writeWidenedModel(folder, embedded, shape);
      const model = await loadModel(folder, { threads: 0 });
      const fast = readByTheSmaller(model, small, [embeddedShape, shape]);
      if (!options.json) show(name, model);
      for (const lines of options.lines.split(",").map(Number)) {
        const states = path.join(temporary, `${name}-${lines}`);
        const measured = await measure({ name, model, fast, lines, states });
        rows.push(...measured.rows);
        totals.push(measured.totals);
        if (!options.json) showRows(measured);
      }
      await model.dispose();
      rmSync(folder, { recursive: true });
    }
  } finally {
    rmSync(temporary, { recursive: true });
    await small.dispose();
  }
  if (options.json) console.log(JSON.stringify({ rows, totals }));
}

interface Case {
  readonly name: string;
  readonly model: Model;
  /** A faster model with the same states. It reads the document first. */
  readonly fast: Model;
  readonly lines: number;
  /** The folder in which states are stored. */
  readonly states: string;
}

async function measure({ name, model, fast, lines, states }: Case): Promise<{ rows: Row[]; totals: Totals }> {
  const text = longFile(lines);
  const rows: Row[] = [];
  const add = (event: string, answer: Answer): void => {
    rows.push({ model: name, lines, event, ...answer });
    console.error(`${event}: ${answer.source}, ${answer.tokensRead} tokens, ${answer.ms.toFixed(0)} ms`);
  };
  let session = await LargeModelSession.open(model, fast, { text, states, checkpointBytes });
  const end = (): number => session.lineCount - 1;
  add("typing at the end", await session.type(end(), "co"));
  add("typing at the end", await session.type(end(), "n"));
  let backgroundTokens = 0;
  let busyMs = 0;
  let readingMs = 0;
  for (const { name: edit, apply } of edits) {
    session.replaceLines(apply);
    add(`${edit}, then the end: at once`, await session.type(end(), "s"));
    add(`${edit}, then the end: next key`, await session.type(end(), "t"));
    const reading = await session.readInBackground(maxReadingMs);
    backgroundTokens += reading.tokens;
    busyMs += reading.busyMs;
    readingMs += reading.ms;
    add(`${edit}, then the end: later`, await session.type(end(), " "));
  }
  for (let i = 1; i <= jumps; i++) {
    const line = Math.floor((session.lineCount * ((i * 37) % 101)) / 101);
    add("a place never visited: at once", await session.type(line, "x"));
    await session.readInBackground(maxReadingMs);
    add("a place never visited: later", await session.type(line, "y"));
  }
  await session.type(end(), "a");
  await session.readInBackground(maxReadingMs);
  const cancelMs = [];
  for (let i = 0; i < cancellations; i++) {
    const ms = await session.cancelled(Math.floor((end() * i) / cancellations), 3 * i);
    if (ms !== undefined) cancelMs.push(ms);
  }
  await session.type(end(), "b");
  await session.readInBackground(maxReadingMs);
  const now = session.lines;
  await session.end();
  session = await LargeModelSession.open(model, undefined, { text: now, states, checkpointBytes });
  add("restart, the last line", await session.type(end(), "c"));
  add("restart, two lines above", await session.type(end() - restartedFrom, "c"));
  await session.end();
  const cancel = { p50: quantile(cancelMs, 0.5), max: Math.max(0, ...cancelMs), count: cancelMs.length };
  const totals = { model: name, lines, backgroundTokens, busyShare: busyMs / Math.max(1, readingMs), cancelMs: cancel };
  return { rows, totals };
}

function show(name: string, { engine, chunkTokens, tokensPerSecond, prefillTokensPerSecond, stateBytes }: Model): void {
  const speed = `${prefillTokensPerSecond.toFixed(0)} tokens/s in runs of ${chunkTokens}, decodes ${tokensPerSecond.toFixed(0)}`;
  console.log(`\n${name}: ${engine}, reads ${speed}, states of ${(stateBytes / 1e6).toFixed(2)} MB\n`);
  console.log("| lines | event | starts from | tokens read | first token ms | answer ms | decoded |");
  console.log("|---|---|---|---|---|---|---|");
}

/** Prints a line for each event. */
function showRows({ rows, totals }: { readonly rows: readonly Row[]; readonly totals: Totals }): void {
  for (const [event, group] of groups(rows, (row) => row.event)) {
    const kinds = [...groups(group, (row) => row.source)].map(([kind, { length }]) =>
      length === group.length ? kind : `${length} ${kind}`,
    );
    const mean = (value: (row: Row) => number): string => {
      return (group.reduce((sum, row) => sum + value(row), 0) / group.length).toFixed(0);
    };
    const cells = [
      totals.lines,
      event,
      kinds.join(", "),
      mean(({ tokensRead }) => tokensRead),
      mean(({ firstTokenMs }) => firstTokenMs),
      mean(({ ms }) => ms),
      mean(({ tokensDecoded }) => tokensDecoded),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
  const { backgroundTokens, busyShare, cancelMs } = totals;
  console.log(
    `\n${totals.lines} lines: ${backgroundTokens} tokens read in the background after ${edits.length} edits, ` +
      `${(100 * busyShare).toFixed(0)} % of the time; cancelled within ${cancelMs.p50.toFixed(0)} ms (median), ` +
      `${cancelMs.max.toFixed(0)} ms (longest of ${cancelMs.count}; ${cancellations} were asked for)\n`,
  );
}

function groups(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) found.set(key(row), [...(found.get(key(row)) ?? []), row]);
  return found;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
