import assert from "node:assert/strict";
import test from "node:test";
import type { InsertionPoint } from "../../src/core/structure/insertionPoint.js";
import { concatenated, unitsOf } from "../../src/core/structure/surroundings.js";
import { closersOf } from "../support/openFrames.js";
import { pointIn } from "../support/testInference.js";

/** The insertion point at ║. A final … means that the document continues after the given text. */
function pointAt(path: string, marked: string): InsertionPoint {
  return pointIn(marked.replace(/…$/, ""), path, !marked.endsWith("…"));
}

/**
 * The closers of the open frames, outermost first, each with the place at which the document closes the frame; then the
 * unmatched closers after the cursor.
 */
function closedAt(path: string, marked: string): string {
  const { surroundings, state } = pointAt(path, marked);
  const closers = closersOf(state.frame);
  const places = surroundings.closedAt.slice(1).map((closed, i) => {
    const place = { right: "right ", below: "below ", nowhere: "nowhere" }[closed.kind];
    const detail = closed.kind === "right" ? closed.end : closed.kind === "below" ? JSON.stringify(closed.line) : "";
    return `${closers[i]} ${place}${detail}`;
  });
  return [...places, ...surroundings.unmatched.map((closer) => `unmatched ${closer}`)].join(", ");
}

for (const [claim, path, document, closed] of [
  ["nothing is open at the top", "a.ts", "a║", ""],
  ["right after the cursor", "a.ts", "f(║)", ") right 1"],
  ["after other text", "a.ts", "f(║a)", ") right 2"],
  ["after text of several bytes, counted in units", "a.ts", "f(║é😀)", ") right 4"],
  ["each frame has its own closer", "a.ts", "f([║])", ") right 2, ] right 1"],
  ["the first closer counts", "a.ts", "f(║) + (a)", ") right 1"],
  ["a bracket that is opened after the cursor is closed first", "a.ts", "f(║(a))", ") right 4"],
  ["on the line below", "a.ts", "f(║\n);", ') below ");"'],
  ["at the end of the text", "a.ts", "f(║\n)", ') below ")"'],
  ["after blank lines", "a.ts", "f(║\n\n  a,\n);", ') below ");"'],
  ["with text of several bytes before it", "a.ts", "f(║é\n); // é", ') below "); // é"'],
  ["nowhere", "a.ts", "f(║", ") nowhere"],
  ["an outer one below, the inner one nowhere", "a.ts", "a {\n  f(║\n}", '} below "}", ) nowhere'],
  ["not by a closer in a string", "a.ts", "f(║')'", ") nowhere"],
  ["not by a closer that other text needs", "a.ts", "f(║\ng()", ") nowhere"],
  ["a closer that nothing opens is unmatched", "a.ts", "f(║) ]", ") right 1, unmatched ]"],
  ["a closer below that nothing opens is unmatched", "a.ts", "║\n}\n)", "unmatched }, unmatched )"],
  ["a quote", "a.ts", "f('║')", ") right 2, ' right 1"],
  ["a quote on its line only", "a.ts", "'║\n'", "' nowhere"],
  ["an interpolation", "a.ts", "`${║}`", "` right 2, } right 1"],
  ["the string around an interpolation that is open", "a.ts", '"a"; `${b║`', "` right 1, } nowhere"],
  [
    "the string around an interpolation that is open, with text after it",
    "a.ts",
    "`${b║`; f(c)",
    "` right 1, } nowhere",
  ],
  ["the quote after an interpolation that opens a string closes nothing", "a.ts", "`${║`a`", "` nowhere, } nowhere"],
  ["a string in an interpolation, by a later quote", "a.ts", "`${║`a`}`", "` right 5, } right 4"],
  ["a tag", "a.html", "<a║>", "a right 1"],
  ["the start of a tag is left out, because text completes it", "a.html", "<a><b║ </a>", "</a> right 5"],
  ["nowhere for a tag that another one ends", "a.html", "<a ║ <b></b>", "a nowhere"],
  ["a tag with its element", "a.html", "<a b║></a>", "a right 1"],
  ["an element", "a.html", "<a>║</a>", "</a> right 4"],
  ["nowhere for an inner element that is not closed", "a.html", "<a><b>║</a>", "</a> right 4, </b> nowhere"],
  ["a word", "a.rb", "if a║\nend", 'end below "end"'],
  ["a comment", "a.ts", "/* ║ */", "*/ right 3"],
] as const) {
  test(`the closers of the open frames: ${claim}`, () => {
    assert.equal(closedAt(path, document), closed);
  });
}

for (const [claim, path, document, closed] of [
  ["another string", "a.ts", "f(`a║\nb(`c`)\n", ") nowhere, ` nowhere"],
  ["a statement", "a.ts", "a {\n  f(║\n  return b;\n}", '} below "}", ) nowhere'],
  ["a closer that belongs to an outer block", "a.ts", "a {\n  if (b) {\n    ║\n}", '} below "}", } nowhere'],
  ["a tag, for an attribute and its tag", "a.html", "<a b='║\n<c d='e'></c>", "a nowhere, ' nowhere"],
] as const) {
  test(`a frame was left open before ${claim}`, () => {
    assert.equal(closedAt(path, document), closed);
  });
}

for (const [claim, path, document, closed] of [
  ["a block", "a.ts", "a {\n  b║\n  c\n…", '} below ""'],
  ["the blocks around it", "a.ts", "a {\n  b {\n    c║\n    d\n…", '} below "", } below ""'],
  ["not a parenthesis", "a.ts", "a(║\n  c\n…", ") nowhere"],
  ["not a string", "a.ts", "`a║\n  c\n…", "` nowhere"],
  ["an element with deeper lines", "a.html", "  <a>║\n    c\n…", '</a> below ""'],
  ["not an element without deeper lines", "a.html", "<a>║\nc\n…", "</a> nowhere"],
  ["a block of words with deeper lines", "a.rb", "if a║\n  c\n…", 'end below ""'],
  ["not a block of words without deeper lines", "a.rb", "if a║\nc\n…", "end nowhere"],
  ["a script", "a.html", "<script>║\nc\n…", '</script> below ""'],
  ["not an interpolation of Vue", "a.vue", "{{ a║\n…", "}} nowhere"],
  ["not a block that is closed on the line", "a.ts", "a { b║ }\nc\n…", "} right 2"],
  ["not a block whose end is in the examined text", "a.ts", "a {\n  b║\n}\n…", '} below "}"'],
] as const) {
  test(`if the examined text is cut off, frames that may be long are closed later: ${claim}`, () => {
    assert.equal(closedAt(path, document), closed);
  });
}

for (const [claim, path, document, closed] of [
  ["on a dedented line above deeper ones", "a.ts", "a {\n  if (b) {\n  ║\n    c();\n  }\n}", '} below "}", } nowhere'],
  ["not above lines that are as deep", "a.ts", "a {\n  if (b) {\n  ║\n  c();\n  }\n}", '} below "}", } below "  }"'],
  [
    "not on a line as deep as the block",
    "a.ts",
    "a {\n  if (b) {\n    ║\n    c();\n  }\n}",
    '} below "}", } below "  }"',
  ],
  ["not after code", "a.ts", "a {\n  if (b) {\n  d║\n    c();\n  }\n}", '} below "}", } below "  }"'],
  [
    "an end tag that is being written",
    "a.html",
    "<a>\n  <b>\n  </║\n    c\n  </b>\n</a>",
    '</a> below "</a>", </b> nowhere',
  ],
] as const) {
  test(`the user is about to end a block: ${claim}`, () => {
    assert.equal(closedAt(path, document), closed);
  });
}

for (const [claim, document, closed] of [
  ["of two blocks with equal indentation, neither surely has it", "a {\nb {\n║\n}", "} nowhere, } nowhere"],
  ["not if both are closed", "a {\nb {\n║\n}\n}", '} below "}", } below "}"'],
  ["not if the indentation tells them apart", "a {\n  b {\n  ║\n  }", '} nowhere, } below "  }"'],
  ["not if their closers differ", "a(\nb {\n║\n}", ') nowhere, } below "}"'],
] as const) {
  test(`closers that could belong to several blocks: ${claim}`, () => {
    assert.equal(closedAt("a.ts", document), closed);
  });
}

test("the frame at the end of the line is known", () => {
  const lineEndAt = (document: string) => closersOf(pointAt("a.ts", document).surroundings.lineEnd);
  assert.deepEqual(lineEndAt("f(║)"), []);
  assert.deepEqual(lineEndAt("f(║[\n])"), [")", "]"]);
  assert.deepEqual(lineEndAt("f(║) // a\n"), []);
});

test("a closer after the cursor ends its bracket even if another one was opened in it", () => {
  assert.equal(closedAt("a.ts", "f(║{) a"), ") right 2");
  assert.equal(closedAt("a.ts", "f([║{)"), ") right 2, ] nowhere");
  assert.deepEqual(closersOf(pointAt("a.ts", "f(║{)").surroundings.lineEnd), []);
});

test("units are those of UTF-16, and parts are joined in order", () => {
  const bytes = Buffer.from("\ufeffaé😀b");
  assert.deepEqual(
    [0, 3, 4, 6, 10, 11].map((end) => unitsOf(bytes, end)),
    [0, 1, 2, 3, 5, 6],
  );
  assert.deepEqual([...concatenated(Buffer.from("ab"), Buffer.from(""), Buffer.from("c"))], [...Buffer.from("abc")]);
});
