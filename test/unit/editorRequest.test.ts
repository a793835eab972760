import assert from "node:assert/strict";
import test from "node:test";
import { toEditorCompletion, toRequest, type EditorPosition } from "../../src/core/completion/editorRequest.js";
import { FakeModel } from "../support/fakeModel.js";
import { openSession, testInference } from "../support/testInference.js";

const model = new FakeModel();
const session = openSession(testInference(model), "");
const { sentinelBytes } = model.tokenizer;
const rest = { trigger: "automatic", prefixMode: "window", neighbors: [], arrivedMs: 0 } as const;
const position = (rawLine: string, character: number): EditorPosition => ({
  session,
  line: 0,
  rawLine,
  character,
  selected: undefined,
});

test("a cursor inside a surrogate pair makes no request; one beside it does", () => {
  assert.equal(toRequest(position("a😀b", 2), rest, sentinelBytes), undefined);
  assert.equal(toRequest(position("😀", 1), rest, sentinelBytes), undefined);
  assert.equal(toRequest(position("a😀b", 3), rest, sentinelBytes)?.linePrefix, "a😀");
  assert.equal(toRequest(position("😀", 0), rest, sentinelBytes)?.linePrefix, "");
});

test("a cursor past the line's end is at its end", () => {
  assert.equal(toRequest(position("abc", 99), rest, sentinelBytes)?.linePrefix, "abc");
  assert.deepEqual(toEditorCompletion(position("abc", 99), { text: "x", replaced: 0 }, sentinelBytes), {
    start: 3,
    end: 3,
    text: "x",
  });
});

test("lone surrogates and sentinel bytes do not reach the model", () => {
  assert.equal(toRequest(position("a\ud800b\u0002c", 5), rest, sentinelBytes)?.linePrefix, "a\ufffdbc");
});

test("text that is replaced after the cursor is counted in the editor's raw line", () => {
  const answer = toEditorCompletion(position("f(\u0001\u0002)", 2), { text: "x)", replaced: 1 }, sentinelBytes);
  assert.deepEqual(answer, { start: 2, end: 5, text: "x)" });
});

test("with an entry selected, the completion has its range and begins with its text", () => {
  const selected = { start: 4, end: 6, text: "length" };
  const at: EditorPosition = { ...position("abc.le", 6), selected };
  const request = toRequest(at, rest, sentinelBytes);
  assert.equal(request?.linePrefix, "abc.length");
  assert.equal(request.isInDocument, false);
  const answer = toEditorCompletion(at, { text: " > 0", replaced: 0 }, sentinelBytes);
  assert.deepEqual(answer, { start: 4, end: 6, text: "length > 0" });
});
