import assert from "node:assert/strict";
import test from "node:test";
import { isPacked } from "../../src/core/model.js";
import type { DocumentSession } from "../../src/core/completion/documentSession.js";
import type { Anchor } from "../../src/core/states/anchor.js";
import { readingStart } from "../../src/core/states/readingStart.js";
import { backgroundReading } from "../support/backgroundReading.js";
import { FakeModel } from "../support/fakeModel.js";
import { completeAt, openSession, testInference, type TestInference } from "../support/testInference.js";

/** Every line is different, so no two parts of the text are equal. */
const lines = Array.from({ length: 1500 }, (_, i) => `const value${i} = compute(${i}, ${i % 7});`);
/** A request may read this many tokens after a state, or twice as many if it would otherwise read a window. */
const maxTokens = 600;
const timeBudgetMs = 300;
/** With room for only this many states, the store cannot keep an exact state every `maxTokens` tokens of this text. */
const states = 28;

interface Opened {
  readonly inference: TestInference;
  readonly session: DocumentSession;
  /** Tokens read so far. */
  readonly tokensRead: () => number;
  readonly power: { isSaved: boolean };
  /** Lets the background reader read until nothing is left to read. */
  readonly read: () => Promise<void>;
}

async function opened(maxStates = states): Promise<Opened> {
  const prefillTokensPerSecond = (4 * maxTokens * 1000) / timeBudgetMs;
  const model = new FakeModel({ stateFloats: 4096, prefillTokensPerSecond });
  const maxBytes = maxStates * (model.stateBytes + 512);
  const inference = testInference(model, { maxBytes, limits: { timeBudgetMs } });
  const session = openIn(inference);
  const power = { isSaved: false };
  const { reader, idle } = backgroundReading(inference, {
    maxGapTokens: () => maxTokens,
    isNearCursorOnly: () => power.isSaved,
  });
  const read = async (): Promise<void> => {
    const done = idle();
    reader.focused(session);
    await done;
    inference.store.checkInvariants();
  };
  await read();
  return { inference, session, power, read, tokensRead: () => model.runs.reduce((a, b) => a + b, 0) };
}

function openIn(inference: TestInference): DocumentSession {
  const { model } = inference;
  const packing = {
    packedBytes: model.packedStateBytes,
    pack: model.pack.bind(model),
    maxGapTokens: () => maxTokens,
  };
  return openSession(inference, lines.join("\n"), { packing });
}

function anchorsOf({ checkpoints }: DocumentSession): Anchor[] {
  const found: Anchor[] = [];
  for (let at = checkpoints.firstAfter(0); at !== undefined; at = checkpoints.firstAfter(at.offset)) found.push(at);
  return found;
}

const isPackedAt = ({ checkpoint }: Anchor): boolean => isPacked(checkpoint.state);

/**
 * Completes at the end of a line. Asserts that not too many tokens were read.
 * @returns the kind of state that was used.
 */
async function ask({ inference, session }: Opened, line: number): Promise<string> {
  const rawLine = session.document.lines(line, line + 1)[0]!.replace("\n", "");
  session.cursorToken = session.tokens.tokensEndingBy(session.document.lineStart(line));
  await completeAt(inference, session, { rawLine, line, character: rawLine.length });
  const { source, tokensRead } = inference.counter.last!;
  assert.ok(tokensRead <= 2 * maxTokens + 64, `${tokensRead} tokens read`);
  return source;
}

test("if exact states would be too far apart, some are packed, and nearly all gaps can be read by a request", async () => {
  const document = await opened();
  const { inference, session } = document;
  const anchors = anchorsOf(session);
  const { tokenCount } = session.tokens;
  assert.ok(tokenCount > states * maxTokens, `${tokenCount} tokens`);
  assert.ok(anchors.length > states && anchors.some(isPackedAt) && !anchors.every(isPackedAt));
  assert.equal(inference.store.count, anchors.length);
  const gaps = anchors.map(({ offset }, i) => offset - (anchors[i - 1]?.offset ?? 0));
  const unreadable = gaps.reduce((sum, gap) => sum + Math.max(0, gap - maxTokens), 0);
  assert.ok(unreadable < 0.03 * tokenCount, `gaps of ${gaps.join()}`);
  const sources: string[] = [];
  for (let line = 1499; line > 0; line -= 37) sources.push(await ask(document, line));
  const count = (source: string): number => sources.filter((one) => one === source).length;
  assert.ok(count("exact") > 20 && count("converged") > 3 && count("window") <= 1, sources.join());
});

test("if exact states are near enough, none are packed", async () => {
  const document = await opened(2 * states);
  assert.ok(document.inference.store.bytes > 0.9 * document.inference.store.maxBytes);
  assert.deepEqual(anchorsOf(document.session).filter(isPackedAt), []);
  for (let line = 1499; line > 0; line -= 37) assert.equal(await ask(document, line), "exact", `line ${line}`);
});

/** Finds a line that is near a packed state, but too far from any exact one. */
async function lineAtPacked(document: Opened): Promise<number> {
  for (let line = 1450; line > 700; line -= 11) if ((await ask(document, line)) === "converged") return line;
  throw new assert.AssertionError({ message: "no packed state was used" });
}

test("a state that was read from a packed one is not exact either, at the next key and on the next line", async () => {
  const document = await opened();
  const { inference, session } = document;
  const line = await lineAtPacked(document);
  assert.equal(await ask(document, line), "converged");
  assert.ok(inference.counter.last!.tokensRead < 64, "the line's own state is used");
  for (const next of [1, 2, 3]) assert.equal(await ask(document, line + next), "converged");
  const derived = anchorsOf(session).filter((anchor) => anchor.checkpoint.prefix.isRounded && !isPackedAt(anchor));
  assert.ok(derived.length > 0 && derived.every((anchor) => session.checkpoints.hasRead(anchor)));
  assert.ok(derived.every(({ offset }) => inference.store.get(session.tokens.prefixAt(offset)) === undefined));
});

test("the text before the cursor is read again from an exact state, if that is not far away, and only once", async () => {
  const document = await opened();
  const line = await lineAtPacked(document);
  const before = document.tokensRead();
  await document.read();
  const read = document.tokensRead() - before;
  assert.ok(read > maxTokens && read <= 4 * maxTokens, `${read} tokens`);
  assert.equal(await ask(document, line), "exact");
  const { tokensRead } = document.inference.counter.last!;
  assert.ok(tokensRead <= 128, `${tokensRead} tokens`);
  const after = document.tokensRead();
  await document.read();
  assert.equal(document.tokensRead(), after);
});

test("while power is saved, nothing is read again for an exact state", async () => {
  const document = await opened();
  const line = await lineAtPacked(document);
  const before = document.tokensRead();
  document.power.isSaved = true;
  await document.read();
  assert.ok(document.tokensRead() - before <= 64, `${document.tokensRead() - before} tokens read`);
  assert.equal(await ask(document, line), "converged");
});

test("with little memory, all places are exact after reading, and no request needs a window if half of the states fit", async () => {
  for (const [maxStates, maxWindows] of [
    [20, 0],
    [14, 0],
    [7, 24],
  ] as const) {
    const document = await opened(maxStates);
    const [atOnce, later]: [string[], string[]] = [[], []];
    for (let jump = 0; jump < 30; jump++) {
      const line = (jump * 611) % 1490; // jumps all over the text
      atOnce.push(await ask(document, line));
      await document.read();
      later.push(await ask(document, line + 1));
    }
    const windows = atOnce.filter((source) => source === "window").length;
    assert.ok(windows <= maxWindows, `${maxStates}: ${atOnce.join()}`);
    assert.ok(
      later.every((source) => source === "exact"),
      `${maxStates}: ${later.join()}`,
    );
  }
});

test("text is not read again for an exact state that is more than eight times as far away as a request reads", () => {
  const model = new FakeModel({ stateFloats: 4096 });
  const inference = testInference(model);
  const { checkpoints, tokens } = openSession(inference, lines.join("\n"));
  const state = model.open().save();
  checkpoints.adopt(640, inference.store.save(tokens.prefixAt(640), state)!);
  checkpoints.adopt(1280, inference.store.save(tokens.prefixAt(1280).rounded(), model.pack(state))!);
  assert.equal(readingStart(checkpoints, 1440, 100)?.offset, 640);
  assert.equal(readingStart(checkpoints, 1441, 100)?.offset, 1280);
});

test("after an edit above and its undo, packed states still have their places", async () => {
  const { session } = await opened();
  const before = anchorsOf(session);
  const undone = lines[0]!;
  session.edit({ startLine: 0, endLine: 1, text: "let x;\n" });
  assert.deepEqual(anchorsOf(session).filter(isPackedAt).length, before.filter(isPackedAt).length);
  session.edit({ startLine: 0, endLine: 1, text: `${undone}\n` });
  assert.deepEqual(
    anchorsOf(session).map(({ offset }) => offset),
    before.map(({ offset }) => offset),
  );
  assert.equal(session.checkpoints.tokensRead, before.at(-1)!.offset);
});

test("a document that is opened again finds its packed states", async () => {
  const { inference, session } = await opened();
  const before = anchorsOf(session);
  session.checkpoints.dispose();
  const again = openIn(inference);
  assert.deepEqual(anchorsOf(again), before);
  inference.store.checkInvariants();
});

test("a state that cannot be packed is evicted", async () => {
  const model = new FakeModel({ stateFloats: 4096 });
  const inference = testInference(model, { maxBytes: 5 * (model.stateBytes + 512) });
  const session = openSession(inference, lines.join("\n"), {
    packing: { packedBytes: model.packedStateBytes, pack: () => undefined, maxGapTokens: () => 0 },
  });
  for (let count = 64; count <= 1024; count += 64) {
    const saved = inference.store.save(session.tokens.prefixAt(count), model.open().save());
    session.checkpoints.place(count, saved!);
    inference.store.checkInvariants();
  }
  assert.equal(anchorsOf(session).length, 5);
});
