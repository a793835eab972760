import assert from "node:assert/strict";
import test from "node:test";
import { nextPlaceToCompare, nextReadingBelow, nextReadingTo } from "../../src/core/states/nextReading.js";
import { readingStart } from "../../src/core/states/readingStart.js";
import { RereadLimit } from "../../src/core/states/rereadLimit.js";
import { opened, state, textOf } from "../support/placedStates.js";

const changeAt = (at: number, { text }: ReturnType<typeof opened>): void => {
  text.replace(at, at + 1, Buffer.from(" "));
};

test("reading continues at the place at which it has stopped, or at a change before that", () => {
  const document = opened(900, [64, 400]);
  assert.equal(nextReadingTo(document.checkpoints, 400), undefined);
  assert.deepEqual(nextReadingTo(document.checkpoints, 401), { start: 0, from: 400 });
  changeAt(10, document);
  assert.deepEqual(nextReadingTo(document.checkpoints, 401), { start: 0, from: 10 });
});

test("if more than 4,000 tokens would be read, reading begins at a stale state 3,072 tokens before the place", () => {
  const { store, text, checkpoints } = opened(9000, [64]);
  for (const offset of [500, 993, 994]) checkpoints.place(offset, store.save(text.prefixAt(offset), state())!);
  assert.deepEqual(nextReadingTo(checkpoints, 4064), { start: 0, from: 64 });
  assert.deepEqual(nextReadingTo(checkpoints, 4065), { start: 993, from: 993 });
  assert.deepEqual(nextReadingTo(checkpoints, 4066), { start: 994, from: 994 });
  assert.deepEqual(nextReadingTo(opened(9000, [64]).checkpoints, 4066), { start: 0, from: 64 });
});

test("reading does not begin at a stale state that has missed a large change shortly before", () => {
  const document = opened(9000, [2000, 2600, 8000]);
  changeAt(10, document);
  document.text.replace(2500, 2500, Buffer.from(" ".repeat(300)));
  assert.deepEqual(nextReadingTo(document.checkpoints, 6500), { start: 2000, from: 2000 });
});

test("below the cursor, new text is read, and changed text only if it may be read again", () => {
  const document = opened(900, [64, 256, 400]);
  const below = (end: number, mayReread: boolean) => nextReadingBelow(document.checkpoints, 0, end, mayReread);
  assert.deepEqual([below(400, false), below(401, false)], [undefined, { start: 0, from: 400 }]);
  changeAt(10, document);
  assert.deepEqual(below(900, true), { start: 0, from: 10 });
  assert.deepEqual([below(10, true), below(400, false)], [undefined, undefined]);
  assert.deepEqual(below(401, false), { start: 400, from: 400 });
  document.checkpoints.stretches.begin(256);
  assert.deepEqual(below(401, false), { start: 256, from: 400 });
});

test("reading continues from an exact state, if it is at most eight times as far as a request can read", () => {
  const { checkpoints } = opened(900, [64, 256], [256]);
  const startFor = (maxGapTokens: number) => readingStart(checkpoints, 300, maxGapTokens)?.offset;
  assert.deepEqual([29, 29.5, 30].map(startFor), [256, 64, 64]);
  assert.equal(readingStart(checkpoints, 100, 1)?.offset, 64);
  const rounded = opened(900, [80], [80]).checkpoints;
  assert.deepEqual([12, 13].map((gap) => readingStart(rounded, 100, gap)?.offset), [80, undefined]); // prettier-ignore
});

test("reading does not go back to an unrounded state that is not exact either", () => {
  const document = opened(900, [64, 128, 256], [256]);
  assert.equal(readingStart(document.checkpoints, 300, 100)?.offset, 128);
  changeAt(10, document);
  document.checkpoints.reached(64, true);
  assert.equal(readingStart(document.checkpoints, 300, 100)?.offset, 256);
});

test("after each edit, text is read again until another block would exceed 4,000 tokens", () => {
  const limit = new RereadLimit();
  const [text, other] = [textOf(100), textOf(100)];
  const isLeft = (): boolean[] => [limit.hasRoom(text), limit.hasRoom(other)];
  limit.add(text, 3000);
  limit.add(text, 936);
  assert.deepEqual(isLeft(), [true, true]);
  limit.add(text, 1);
  assert.deepEqual(isLeft(), [false, true]);
  text.replace(0, 1, Buffer.from(" "));
  assert.deepEqual(isLeft(), [true, true]);
});

test("states are compared at the first checkpoint that is 32 to 96 tokens away", () => {
  const { checkpoints } = opened(900, [64, 80, 95, 96, 110, 192, 300]);
  assert.deepEqual([63, 64, 95, 96, 110, 160, 161, 203, 204].map((at) => nextPlaceToCompare(checkpoints, at)), [
    95, 96, undefined, 192, 192, 192, undefined, undefined, 300,
  ]); // prettier-ignore
});
