import assert from "node:assert/strict";
import test from "node:test";
import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import { DocumentCheckpoints } from "../../src/core/states/documentCheckpoints.js";
import { staleAnchorFor } from "../../src/core/states/staleAnchor.js";
import { emptyBlockHash } from "../../src/core/tokens/tokenPrefix.js";
import { TokenizedText } from "../../src/core/tokens/tokenizedText.js";
import { randomFrom } from "../support/random.js";
import { starterTokenizer } from "../support/tokenizer.js";

const stateBytes = 16;
const bytesOfOne = stateBytes + 512;
const line = (i: number): string => `const value${i} = compute(${i}, 2);\n`;
const lines = (count: number): string => Array.from({ length: count }, (_, i) => line(i)).join("");

interface Opened {
  readonly text: TokenizedText;
  readonly checkpoints: DocumentCheckpoints;
}

function open(content: string, store: CheckpointStore, cursor = { token: 0 }, weight = 1): Opened {
  const text = new TokenizedText(starterTokenizer, emptyBlockHash("m"), []);
  text.replace(0, 0, Buffer.from(content));
  const likelihood = () => ({ cursorToken: cursor.token, weight });
  return { text, checkpoints: new DocumentCheckpoints(store, text, likelihood) };
}

/** Reads the rest of a text and saves checkpoints as background reading does, one candidate per block of 64 tokens. */
function readAll({ text, checkpoints }: Opened, store: CheckpointStore): void {
  for (let count = 64; count <= text.tokenCount; count += 64) {
    if (count <= checkpoints.tokensRead) continue;
    checkpoints.reached(count);
    if (!checkpoints.shouldSave(count, stateBytes, false)) continue;
    const saved = store.save(text.prefixAt(count), { data: new Float32Array(stateBytes / 4) });
    if (saved !== undefined) checkpoints.place(count, saved);
    store.checkInvariants();
  }
}

function offsets({ text, checkpoints }: Opened): number[] {
  const found: number[] = [];
  for (let at = checkpoints.firstAfter(0); at !== undefined; at = checkpoints.firstAfter(at.offset)) {
    found.push(at.offset);
  }
  assert.ok(found.every((offset) => offset <= text.tokenCount));
  return found;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function gaps(found: readonly number[]): number[] {
  return found.map((offset, i) => offset - (found[i - 1] ?? 0));
}

test("an exact state replaces a rounded one at its offset, and no state replaces an exact one", () => {
  const store = new CheckpointStore(60 * bytesOfOne);
  const { text, checkpoints } = open(lines(100), store);
  const place = (count: number, isRounded: boolean): void => {
    const prefix = text.prefixAt(count);
    const saved = store.save(isRounded ? prefix.rounded() : prefix, { data: new Float32Array(stateBytes / 4) })!;
    checkpoints.reached(count);
    checkpoints.place(count, saved);
  };
  place(64, true);
  assert.deepEqual([true, false].map((isRounded) => checkpoints.shouldSave(64, stateBytes, isRounded)), [false, true]); // prettier-ignore
  place(64, false);
  assert.deepEqual([true, false].map((isRounded) => checkpoints.shouldSave(64, stateBytes, isRounded)), [false, false]); // prettier-ignore
});

test("a full budget is spread over the whole text, more densely around the cursor", () => {
  const store = new CheckpointStore(60 * bytesOfOne);
  const opened = open(lines(4000), store, { token: 1000 });
  readAll(opened, store);
  const found = offsets(opened);
  assert.equal(store.count, 60);
  assert.equal(found.length, 60);
  assert.ok(opened.text.tokenCount / 60 > 500);
  const far = gaps(found.filter((offset) => offset > 20_000)).slice(1);
  const near = gaps(found.filter((offset) => offset < 3000));
  assert.ok(Math.max(...far) < 4 * (opened.text.tokenCount / 60), `a gap of ${Math.max(...far)} tokens`);
  assert.ok(1.3 * mean(near) < mean(far), `${mean(near)} near, ${mean(far)} far`);
});

test("looking around in an unedited text never leaves a part of the budget unused", () => {
  const store = new CheckpointStore(60 * bytesOfOne);
  const cursor = { token: 0 };
  const opened = open(lines(4000), store, cursor);
  const random = randomFrom(4);
  readAll(opened, store);
  for (let jump = 0; jump < 40; jump++) {
    cursor.token = random.below(opened.text.tokenCount);
    const saved = store.save(opened.text.prefixAt(cursor.token), { data: new Float32Array(stateBytes / 4) });
    opened.checkpoints.place(cursor.token, saved!);
    store.checkInvariants();
    assert.equal(store.count, 60);
  }
});

test("documents share the budget by how likely each is to be worked in", () => {
  const store = new CheckpointStore(60 * bytesOfOne);
  const often = open(`// often\n${lines(2000)}`, store, { token: 0 }, 1);
  const seldom = open(`// seldom\n${lines(2000)}`, store, { token: 0 }, 1 / 8);
  readAll(seldom, store);
  readAll(often, store);
  assert.equal(often.checkpoints.count + seldom.checkpoints.count, 60);
  assert.ok(often.checkpoints.count > 1.5 * seldom.checkpoints.count, `${often.checkpoints.count}`);
  assert.ok(seldom.checkpoints.count >= 8, `${seldom.checkpoints.count} left of a document used seldom`);
});

test("checkpoints of closed documents and older texts are evicted before those of open documents", () => {
  const store = new CheckpointStore(40 * bytesOfOne);
  const closed = open(`// closed\n${lines(400)}`, store);
  readAll(closed, store);
  closed.checkpoints.dispose();
  const opened = open(lines(1200), store);
  readAll(opened, store);
  assert.ok(opened.checkpoints.count >= 35, `${opened.checkpoints.count}`);
  store.checkInvariants();
});

test("after an edit above, checkpoints move with their text and count as not having read the edit", () => {
  const store = new CheckpointStore(2 ** 20);
  const opened = open(lines(400), store);
  readAll(opened, store);
  const before = offsets(opened);
  const { tokenCount } = opened.text;
  opened.text.replace(0, 0, Buffer.from("// one more line\n"));
  const shift = opened.text.tokenCount - tokenCount;
  assert.deepEqual(
    offsets(opened),
    before.map((offset) => offset + shift),
  );
  assert.ok(opened.checkpoints.tokensRead < 64);
  assert.equal(opened.checkpoints.nearest(3000), undefined);
  opened.text.replace(0, "// one more line\n".length, new Uint8Array());
  assert.deepEqual(offsets(opened), before);
  assert.equal(opened.checkpoints.tokensRead, before.at(-1));
  store.checkInvariants();
});

test("reading across a change closes its seam only if the states agree", () => {
  const store = new CheckpointStore(2 ** 20);
  const opened = open(lines(400), store);
  const { text, checkpoints } = opened;
  readAll(opened, store);
  const end = checkpoints.tokensRead;
  const { tokenCount } = text;
  text.replace(5, 6, Buffer.from("xyz"));
  const first = checkpoints.firstAfter(checkpoints.tokensRead)!;
  checkpoints.reached(first.offset);
  assert.equal(checkpoints.tokensRead, first.offset);
  const second = checkpoints.firstAfter(first.offset)!;
  checkpoints.reached(second.offset, true);
  assert.equal(checkpoints.tokensRead, end + text.tokenCount - tokenCount);
  const last = checkpoints.nearest(text.tokenCount)!;
  assert.equal(checkpoints.hasRead(last), false);
});

test("lines changed all over the text keep the checkpoints between them", () => {
  const store = new CheckpointStore(2 ** 20);
  const opened = open(lines(400), store);
  readAll(opened, store);
  const before = opened.checkpoints.count;
  const changed = Array.from({ length: 400 }, (_, i) => (i % 5 === 0 ? `  ${line(i)}` : line(i))).join("");
  opened.text.replace(0, opened.text.byteLength, Buffer.from(changed));
  assert.ok(opened.checkpoints.count > before / 2, `${opened.checkpoints.count} of ${before}`);
  assert.notEqual(staleAnchorFor(opened.checkpoints, 2500, { leadTokens: 256, maxTokens: 1000 }), undefined);
  store.checkInvariants();
});

test("when a change all over a long text is undone or redone, it is not read again", () => {
  const store = new CheckpointStore(120 * bytesOfOne);
  const opened = open(lines(4000), store);
  const { text, checkpoints } = opened;
  const indented = Array.from({ length: 4000 }, (_, i) => (i % 5 === 0 ? `  ${line(i)}` : line(i))).join("");
  const change = (to: string): void => {
    text.replace(0, text.byteLength, Buffer.from(to));
  };
  readAll(opened, store);
  change(indented);
  assert.ok(checkpoints.tokensRead < 64);
  readAll(opened, store);
  for (const content of [lines(4000), indented, lines(4000)]) {
    change(content);
    const maxGap = (2 * text.tokenCount) / store.unplacedRoom(stateBytes);
    assert.ok(checkpoints.tokensRead > text.tokenCount - maxGap, `${checkpoints.tokensRead} of ${text.tokenCount}`);
    const found = offsets(opened).filter((offset) => offset <= checkpoints.tokensRead);
    assert.ok(Math.max(...gaps(found)) < maxGap, `gaps of ${gaps(found).join()}`);
    const notExact = found.filter((offset) => !checkpoints.hasRead(checkpoints.lastBefore(offset)!));
    assert.deepEqual(notExact, []);
    store.checkInvariants();
  }
});

test("a change all over a text is undone before or after it was read, also if the states were only converged", () => {
  const indented = lines(400).replaceAll(/^/gm, "  ");
  for (const isRead of [false, true]) {
    const store = new CheckpointStore(2 ** 20);
    const opened = open(lines(400), store);
    const { text, checkpoints } = opened;
    readAll(opened, store);
    text.replace(5, 6, Buffer.from("xyz"));
    checkpoints.reached(checkpoints.firstAfter(100)!.offset, true);
    assert.ok(
      checkpoints.anchorsRead.some((anchor) => !checkpoints.hasRead(anchor)),
      "states are converged",
    );
    const before = checkpoints.anchorsRead.map(({ offset, checkpoint }) => ({ offset, key: checkpoint.key }));
    const original = Buffer.from(text.bytes);
    text.replace(0, text.byteLength, Buffer.from(indented));
    if (isRead) readAll(opened, store);
    text.replace(0, text.byteLength, original);
    const after = checkpoints.anchorsRead.map(({ offset, checkpoint }) => ({ offset, key: checkpoint.key }));
    assert.deepEqual(after, before);
    assert.equal(checkpoints.tokensRead, before.at(-1)!.offset);
    store.checkInvariants();
  }
});

const staleLimits = { leadTokens: 256, maxTokens: 1000 };

/**
 * Inserts lines at the start of a text that was read, and looks for a stale state for the position `tokensAfterChange`
 * tokens after them.
 * @returns how many tokens before that position the state is; undefined if there is none.
 */
function staleAt(tokensAfterChange: number, insertedLines: number): number | undefined {
  const store = new CheckpointStore(2 ** 20);
  const opened = open(lines(600), store);
  readAll(opened, store);
  const { tokenCount } = opened.text;
  opened.text.replace(0, 0, Buffer.from("// something else here\n".repeat(insertedLines)));
  const place = opened.text.tokenCount - tokenCount + tokensAfterChange;
  const anchor = staleAnchorFor(opened.checkpoints, place, staleLimits);
  return anchor && place - anchor.offset;
}

test("the nearest stale state is used once it has forgotten the change, and none right after a large one", () => {
  assert.ok(staleAt(3000, 1)! < 64, "far after a small change");
  assert.ok(staleAt(3000, 200)! < 64, "far after a large change");
  assert.equal(staleAt(300, 200), undefined);
  assert.equal(staleAt(900, 200), undefined);
  assert.ok(staleAt(1200, 200)! < 64, "a large change is forgotten after 1,024 tokens");
  assert.ok(staleAt(200, 1)! >= 64, "near a small change, the text before the place is read again");
  assert.equal(staleAt(10, 1), undefined);
});

test("whatever is edited, no checkpoint counts as exact that has not read exactly the text", () => {
  const random = randomFrom(11);
  const store = new CheckpointStore(80 * bytesOfOne);
  const opened = open(lines(300), store);
  const { text, checkpoints } = opened;
  for (let edit = 0; edit < 300; edit++) {
    const from = random.below(text.byteLength);
    const to = Math.min(text.byteLength, from + random.below(random.below(10) === 0 ? 3000 : 6));
    text.replace(from, to, Buffer.from(lines(300).slice(from, from + random.below(random.below(10) === 0 ? 3000 : 6))));
    if (random.below(3) === 0) readAll(opened, store);
    store.checkInvariants();
    const found = offsets(opened);
    assert.deepEqual(
      found,
      [...new Set(found)].sort((a, b) => a - b),
    );
    for (const offset of found) {
      const anchor = checkpoints.lastBefore(offset)!;
      const isSame =
        anchor.checkpoint.key === text.prefixAt(Math.min(anchor.checkpoint.tokenCount, text.tokenCount)).key;
      assert.equal(checkpoints.hasRead(anchor), isSame && anchor.checkpoint.tokenCount === offset);
    }
  }
});

test("the size of a change counts the changed tokens, not those between them", () => {
  const store = new CheckpointStore(2 ** 20);
  const opened = open(lines(400), store);
  readAll(opened, store);
  const { text, checkpoints } = opened;
  const [from, to] = [lines(100).length, lines(104).length];
  const indented = [100, 101, 102, 103].map((i) => (i === 100 || i === 103 ? `  ${line(i)}` : line(i))).join("");
  text.replace(from, to, Buffer.from(indented));
  const place = text.tokensEndingBy(from + indented.length) + 90;
  const anchor = staleAnchorFor(checkpoints, place, { leadTokens: 256, maxTokens: 1000 });
  assert.ok(anchor !== undefined && anchor.offset > checkpoints.tokensRead);
});

test("after a change of all lines, a request anywhere reads at most 288 tokens from a stale state", () => {
  const store = new CheckpointStore(2 ** 20);
  const opened = open(lines(400), store);
  readAll(opened, store);
  const { text, checkpoints } = opened;
  text.replace(0, text.byteLength, Buffer.from(lines(400).replaceAll(/^/gm, "  ").replaceAll("=", ":=")));
  for (let place = 700; place < text.tokenCount; place += 61) {
    const anchor = staleAnchorFor(checkpoints, place, { leadTokens: 256, maxTokens: 1000 });
    const tokens = anchor && place - anchor.offset;
    assert.ok(tokens !== undefined && tokens >= 64 && tokens <= 288, `${tokens} tokens before ${place}`);
  }
});
