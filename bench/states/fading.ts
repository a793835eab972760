// How the effect of a missed change fades as more text is read: the distance of a stale state from the exact one, and
// the KL of its predictions: npm run bench:fading [-- FILE… --lines 3000 --edit NAME]
import path from "node:path";
import { parseArgs } from "node:util";
import type { Model, Reader, State, TokenId } from "../../src/core/model.js";
import { realigned } from "../../src/core/states/realignment.js";
import { OpenDocument } from "../../src/core/tokens/openDocument.js";
import { blockTokens, emptyBlockHash } from "../../src/core/tokens/tokenPrefix.js";
import { trimmedSplice } from "../../src/core/tokens/tokenSplice.js";
import { loadModel } from "../../src/rwkv/load.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { closeness, expectation } from "./closeness.js";
import { kindsOfEdit } from "./kindsOfEdit.js";
import { tableHead } from "./tableHead.js";
import { texts } from "./texts.js";

/** States are compared after this many tokens have been read from the stale state. */
const distances = [0, 256, 512, 1024, 2048, 3072, 4096, 6144];
/** After an edit all over a text, stale states are taken at these shares of it. */
const shares = [0.3, 0.4, 0.5, 0.6];
const predictions = 31;

const root = process.cwd();
const { values: options, positionals: files } = parseArgs({
  options: { lines: { type: "string", default: "3000" }, edit: { type: "string", default: "" } },
  allowPositionals: true,
});

interface Compared {
  /** Number of tokens read since the stale state. */
  readonly tokens: number;
  /** Distance from the exact state, relative to its norm. */
  readonly distance: number;
  readonly kl: number;
}

async function main(): Promise<void> {
  const model = await loadModel(path.join(root, "models/default"), { threads: 1 });
  console.log(tableHead(`| edit | ${distances.join(" | ")} |`));
  for (const { name, apply, isAllOver } of kindsOfEdit.filter((edit) => edit.name.includes(options.edit))) {
    const all: Compared[] = [];
    for (const { file, lines } of texts(files, Number(options.lines))) {
      const [old, now] = [tokensOf(model, file, lines), tokensOf(model, file, apply(lines))];
      all.push(...(await compareAfter(model, old, now, isAllOver)));
    }
    const cells = distances.map((tokens) => cell(all.filter((one) => one.tokens === tokens)));
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  }
  await model.dispose();
}

/** Compares states that were read from stale ones with exact ones. */
async function compareAfter(model: Model, old: Uint32Array, now: Uint32Array, isAllOver: boolean): Promise<Compared[]> {
  const starts = staleStarts(old, now, isAllOver);
  const stale = await statesAt(model, old, starts.map((one) => one.old)); // prettier-ignore
  const places = starts.flatMap(({ now: start }, i) =>
    distances
      .map((tokens) => ({ from: stale[i], start, tokens, end: start + tokens }))
      .filter(({ end }) => end + predictions < now.length),
  );
  const ends = [...new Set(places.map(({ end }) => end))].sort((a, b) => a - b);
  const exact = await statesAt(model, now, ends);
  const compared: Compared[] = [];
  for (const { from, start, tokens, end } of places) {
    const state = exact[ends.indexOf(end)];
    if (state === undefined) throw new Error(`no state at ${end}`);
    const reader = model.open(from);
    await feed(reader, now, start, end);
    const next = [...now.subarray(end, end + predictions + 1)] as TokenId[];
    const [expected, found] = [
      await expectation(model, state, next.slice(0, 1), next.slice(1)),
      await expectation(model, reader.save(), next.slice(0, 1), next.slice(1)),
    ];
    compared.push({ tokens, distance: reader.distanceTo(state), kl: closeness(expected, found).kl });
    reader.dispose();
  }
  return compared;
}

interface Offsets {
  readonly old: number;
  readonly now: number;
}

/** Corresponding offsets in both texts: right after an edit of one place, or at some places after an edit all over. */
function staleStarts(old: Uint32Array, now: Uint32Array, isAllOver: boolean): Offsets[] {
  const splice = trimmedSplice(0, old, now);
  const end = { old: splice.at + splice.removed.length, now: splice.at + splice.inserted.length };
  if (!isAllOver) return [end];
  const first = Math.ceil((splice.at + 1) / blockTokens) * blockTokens;
  const inside = Array.from({ length: Math.floor((end.old - first) / blockTokens) }, (_, i) => first + i * blockTokens);
  const aligned = realigned(inside, splice);
  const pairs = inside.flatMap((offset, i) => ({ old: offset, now: aligned[i] ?? -1 })).filter((one) => one.now >= 0);
  return shares.flatMap((share) => pairs.find((pair) => pair.now >= share * now.length) ?? []);
}

/** The states that have read the tokens up to each offset, ascending. */
async function statesAt(model: Model, tokens: Uint32Array, offsets: readonly number[]): Promise<State[]> {
  const reader = model.open();
  const states: State[] = [];
  for (const [i, offset] of offsets.entries()) {
    await feed(reader, tokens, offsets[i - 1] ?? 0, offset);
    states.push(reader.save());
  }
  reader.dispose();
  return states;
}

async function feed(reader: Reader, tokens: Uint32Array, from: number, to: number): Promise<void> {
  if (to > from) await reader.feed([...tokens.subarray(from, to)] as TokenId[], "none", neverCancelled);
}

function tokensOf(model: Model, file: string, lines: readonly string[]): Uint32Array {
  const origin = { uri: `file:///${file}`, headerPath: `src/${file}` };
  const { tokens } = new OpenDocument(origin, lines.join("\n"), { ...model, emptyHash: emptyBlockHash(model.id) });
  return Uint32Array.from(tokens.tokens(0, tokens.tokenCount));
}

/** The largest distance and the mean KL. */
function cell(compared: readonly Compared[]): string {
  if (compared.length === 0) return "";
  const kl = compared.reduce((sum, one) => sum + one.kl, 0) / compared.length;
  return `${(100 * Math.max(...compared.map((one) => one.distance))).toFixed(1)} %, ${kl.toFixed(4)}`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
