import assert from "node:assert/strict";
import test from "node:test";
import type { InlineCompletionItem } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { completionListOf } from "../../src/server/completionList.js";

/**
 * The completion list for a document with the cursor at ║. `insertText` replaces the text between ├ and ┤. Without
 * these marks, it is inserted at the cursor.
 */
function listAt(text: string, insertText: string) {
  const lines = text.split("\n");
  const line = lines.findIndex((one) => one.includes("║"));
  const marked = lines[line]!;
  const character = marked.replace(/[├┤]/g, "").indexOf("║");
  const [start, end] = ["├", "┤"].map((bracket) =>
    marked
      .replace(/║/g, "")
      .replace(bracket === "┤" ? "├" : "┤", "")
      .indexOf(bracket),
  );
  const document = TextDocument.create("file:///a.ts", "typescript", 1, text.replace(/[║├┤]/g, ""));
  const range = { start: { line, character: start! < 0 ? character : start! }, end: { line, character: end! < 0 ? character : end! } }; // prettier-ignore
  return completionListOf(document, { line, character }, [{ insertText, range }]);
}

/** The only entry's label, and its edit as "line:from-to text". */
function entry(text: string, insertText: string): readonly string[] {
  const { isIncomplete, items } = listAt(text, insertText);
  assert.equal(isIncomplete, true);
  const [{ label, filterText, textEdit }] = items as unknown as [{ label: string; filterText: string; textEdit: { range: { start: { line: number; character: number }; end: { line: number; character: number } }; newText: string } }]; // prettier-ignore
  assert.equal(filterText, textEdit.newText);
  assert.equal(textEdit.range.start.line, textEdit.range.end.line);
  return [
    label,
    `${textEdit.range.start.line}:${textEdit.range.start.character}-${textEdit.range.end.character} ${textEdit.newText}`,
  ];
}

const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
  ["begins with the word before the cursor", "a\nlet na║", "me = 1;", ["name = 1;", "1:4-6 name = 1;"]],
  ["has no word after a blank", "let ║", "a;", ["a;", "0:4-4 a;"]],
  ["counts letters, digits, _ and $ of any script as a word", "x+é_$9║", "z", ["é_$9z", "0:2-6 é_$9z"]],
  ["replaces the range after the cursor", "f(║├)┤", "a, b)", ["a, b)", "0:2-3 a, b)"]],
  ["replaces up to the cursor at least", "le├┤t║", "t x", ["let x", "0:0-3 let x"]],
  ["shows the first line alone", "║", "if (a) {\n}", ["if (a) { …", "0:0-0 if (a) {\n}"]],
  ["shows no blank lines at the start", "║", "\n  b();", ["b();", "0:0-0 \n  b();"]],
  ["shows 60 characters", "║", "a".repeat(60), ["a".repeat(60), `0:0-0 ${"a".repeat(60)}`]],
  ["cuts 61 characters", "║", "a".repeat(61), [`${"a".repeat(60)} …`, `0:0-0 ${"a".repeat(61)}`]],
]; // prettier-ignore

for (const [what, text, insertText, expected] of cases) {
  test(`the entry of a completion list ${what}`, () => {
    assert.deepEqual(entry(text, insertText), expected);
  });
}

test("an entry is plain text; without ghost text the list has no entry, but may be requested again", () => {
  const [item] = listAt("║", "a").items;
  assert.deepEqual([item?.kind, item?.insertTextFormat, item?.insertTextMode], [1, 1, 1]);
  const document = TextDocument.create("file:///a.ts", "typescript", 1, "");
  const position = { line: 0, character: 0 };
  const range = { start: position, end: position };
  const without: readonly (readonly InlineCompletionItem[])[] = [
    [],
    [{ insertText: "a" }],
    [{ insertText: { kind: "snippet", value: "a" }, range }],
  ];
  for (const items of without) {
    assert.deepEqual(completionListOf(document, position, items), { isIncomplete: true, items: [] });
  }
});
