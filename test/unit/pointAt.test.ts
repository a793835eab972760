import assert from "node:assert/strict";
import test from "node:test";
import { lazyPointAt, pointAt, type Cursor } from "../../src/core/completion/pointAt.js";
import { FakeModel } from "../support/fakeModel.js";
import { openSession, testInference } from "../support/testInference.js";

const inference = testInference(new FakeModel());

/** A cursor at the end of the given line of a document. */
function cursorIn(lines: readonly string[], line: number, more: Partial<Cursor> = {}): Cursor {
  const session = openSession(inference, lines.join("\n"));
  return { session, line, linePrefix: lines[line]!, afterCursor: "", ...more };
}

/** How many lines above and below the cursor are examined. */
function examined(lines: readonly string[], line: number, more: Partial<Cursor> = {}): [number, number] {
  const { above, below } = pointAt(cursorIn(lines, line, more));
  return [above.length, below.length];
}

const rows = (count: number, units: number): string[] => Array.from({ length: count }, () => "x".repeat(units));

test("all lines of a short document are examined, in order", () => {
  const { above, below } = pointAt(cursorIn(["a", "b", "c", "d", "e"], 2));
  assert.deepEqual(
    above.map(({ text }) => text),
    ["a", "b"],
  );
  assert.deepEqual(below, ["d", "e"]);
});

test("at most 200 lines and 20,000 bytes are examined on each side", () => {
  assert.deepEqual(examined(rows(601, 9), 300), [200, 200]);
  assert.deepEqual(examined(rows(601, 99), 300), [200, 200]);
  for (const count of examined(rows(601, 100), 300)) assert.ok(count >= 170 && count < 200, `${count}`);
  for (const count of examined(rows(601, 999), 300)) assert.ok(count >= 15 && count <= 20, `${count}`);
  assert.deepEqual(examined(rows(3, 19_999), 1), [1, 1]);
  assert.deepEqual(examined(rows(3, 20_000), 1), [0, 0]);
});

test("the lines of a replaced range are not examined", () => {
  const { below } = pointAt(cursorIn(["a", "b", "c", "d", "e"], 1, { lastLine: 3 }));
  assert.deepEqual(below, ["e"]);
  assert.deepEqual(examined(rows(601, 9), 300, { lastLine: 350 }), [200, 200]);
  assert.deepEqual(examined(rows(601, 99), 300, { lastLine: 350 }), [200, 200]);
});

test("a block that is not closed within the examined lines is closed below them, unless the document ends there", () => {
  const kindsAt = (count: number) => pointAt(cursorIn(["{", ...rows(count, 9)], 0)).surroundings.closedAt[1]?.kind;
  assert.equal(kindsAt(200), "nowhere");
  assert.equal(kindsAt(201), "below");
});

test("the editor's indentation counts in a document that has none", () => {
  assert.equal(pointAt(cursorIn(["a"], 0, { indentUnit: "   " })).unit, "   ");
  assert.equal(pointAt(cursorIn(["a"], 0)).isUnitKnown, false);
});

test("structure begins with the frames that are open above the examined lines", () => {
  const lines = ["/*", ...rows(300, 9), "*/"];
  assert.equal(pointAt(cursorIn(lines, 300)).lineStart.frame.kind, "comment");
});

test("a point examined later is that of the document as it was", () => {
  const cursor = cursorIn(["a", "b", "c"], 1);
  const later = lazyPointAt(cursor);
  cursor.session.setText("d\ne\nf");
  assert.deepEqual(later().below, ["c"]);
  assert.equal(later(), later());
});
