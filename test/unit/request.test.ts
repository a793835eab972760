import assert from "node:assert/strict";
import test from "node:test";
import { editorAnswer, requestAt, type EditorPlace } from "../../src/core/completion/request.js";
import { FakeModel } from "../support/fakeModel.js";
import { openSession, testRoom } from "../support/room.js";

const model = new FakeModel();
const session = openSession(testRoom(model), "");
const { sentinelBytes } = model.tokenizer;
const rest = { trigger: "automatic", longPrefix: "window", neighbours: [], arrivedMs: 0 } as const;
const place = (rawLine: string, character: number): EditorPlace => ({
  session,
  line: 0,
  rawLine,
  character,
  selected: undefined,
});

test("a cursor inside a surrogate pair has no request, beside it there is one", () => {
  assert.equal(requestAt(place("a😀b", 2), rest, sentinelBytes), undefined);
  assert.equal(requestAt(place("a😀b", 3), rest, sentinelBytes)?.typed, "a😀");
  assert.equal(requestAt(place("😀", 0), rest, sentinelBytes)?.typed, "");
});

test("a cursor past the line's end is at its end", () => {
  assert.equal(requestAt(place("abc", 99), rest, sentinelBytes)?.typed, "abc");
  assert.deepEqual(editorAnswer(place("abc", 99), { text: "x", replaced: 0 }, sentinelBytes), {
    start: 3,
    end: 3,
    text: "x",
  });
});

test("lone surrogates and sentinel bytes do not reach the model", () => {
  assert.equal(requestAt(place("a\ud800b\u0002c", 5), rest, sentinelBytes)?.typed, "a\ufffdbc");
});

test("what is replaced right of the cursor is counted in the editor's own units", () => {
  const answer = editorAnswer(place("f(\u0001\u0002)", 2), { text: "x)", replaced: 1 }, sentinelBytes);
  assert.deepEqual(answer, { start: 2, end: 5, text: "x)" });
});

test("with an entry selected the answer takes over its range and begins with its text", () => {
  const selected = { start: 4, end: 6, text: "length" };
  const at: EditorPlace = { ...place("abc.le", 6), selected };
  const request = requestAt(at, rest, sentinelBytes);
  assert.equal(request?.typed, "abc.length");
  assert.equal(request.isInDocument, false);
  const answer = editorAnswer(at, { text: " > 0", replaced: 0 }, sentinelBytes);
  assert.deepEqual(answer, { start: 4, end: 6, text: "length > 0" });
});
