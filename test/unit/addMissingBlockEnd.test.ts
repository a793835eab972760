import assert from "node:assert/strict";
import test, { afterEach } from "node:test";
import { active, page, settings } from "../support/vscodeStandIn.js";
import { FakeEditor, Position, Range, Selection } from "../support/fakeEditor.js";
import { addMissingBlockEnd } from "../../src/extension/blockEnd.js";

afterEach(() => {
  active.editor = undefined;
  page.hasFocus = false;
  settings.clear();
});

interface Accepted {
  /** The server's response: null if nothing is missing; an Error fails the request. */
  readonly answer?: string | Error | null;
  /** Called before the completion is accepted. */
  readonly before?: (editor: FakeEditor) => void;
  /** Called before the server answers. */
  readonly meanwhile?: (editor: FakeEditor) => void;
}

/** Calls `addMissingBlockEnd` in an editor in which the completion that ends at ║ was accepted. */
async function accepted(marked: string, { answer = "}", before, meanwhile }: Accepted = {}) {
  const editor = new FakeEditor(marked);
  active.editor = editor;
  before?.(editor);
  const asked: unknown[] = [];
  await addMissingBlockEnd({
    blockEnd: async (_, position) => {
      asked.push(position);
      meanwhile?.(editor);
      if (answer instanceof Error) throw answer;
      return answer ?? undefined;
    },
  });
  return { editor, asked };
}

for (const [claim, marked, answer, expected] of [
  ["a block", "if (a) {║\n", "}", "if (a) {\n  ║\n}\n"],
  ["a block with blanks after its brace", "if (a) { ║", "}", "if (a) { \n  ║\n}"],
  ["an indented block", "f(() => {\n  g(() => {║\n", "})", "f(() => {\n  g(() => {\n    ║\n  })\n"],
  ["an element", "<ul>\n  <li>║\n</ul>\n", "</li>", "<ul>\n  <li>║</li>\n</ul>\n"],
] as const) {
  test(`accepted text that opens ${claim} gets its end, with the cursor in the block`, async () => {
    const { editor, asked } = await accepted(marked, { answer });
    assert.equal(editor.marked, expected);
    assert.equal(asked.length, 1);
    assert.deepEqual(editor.edits, [{ undoStopBefore: false, undoStopAfter: true }]); // undone with the completion
  });
}

const moved = new Selection(new Position(0, 0), new Position(0, 0));
const never = (): void => void settings.set("autoClosingBrackets", "never");
const untouched: readonly (readonly [claim: string, marked: string, before: Accepted["before"]])[] = [
  ["the text opens no block", "if (a) { b║", undefined],
  ["only text after the cursor opens a block", "if (a) ║{", undefined],
  ["text is selected", "if («a) {»", undefined],
  ["there are several cursors", "if (a) {║", (editor) => (editor.selections = [editor.selection, moved])],
  ["the editor closes no brackets", "if (a) {║", never],
  ["no editor has the focus", "if (a) {║", () => (page.hasFocus = true)],
  ["the cursor is below the document's end", "if (a) {║", (editor) => (editor.selection = new Selection(new Position(1, 0), new Position(1, 0)))],
]; // prettier-ignore

for (const [claim, marked, before] of untouched) {
  test(`the server is not asked for a block's end if ${claim}`, async () => {
    const { editor, asked } = await accepted(marked, before && { before });
    assert.deepEqual([editor.edits, asked], [[], []]);
  });
}

const late: readonly (readonly [claim: string, options: Accepted])[] = [
  ["nothing is missing", { answer: null }],
  ["the request fails", { answer: new Error("gone") }],
  ["the editor closes no tags", { answer: "</p>", before: () => void settings.set("autoClosingTags", false) }],
  ["the user has typed in the meantime", { meanwhile: ({ document }) => { document.replace(new Range(0, 0, 0, 0), " "); } }],
  ["the user has moved the cursor in the meantime", { meanwhile: (editor) => (editor.selection = moved) }],
  ["the user has switched to another editor", { meanwhile: () => (active.editor = new FakeEditor("")) }],
]; // prettier-ignore

for (const [claim, options] of late) {
  test(`nothing is added to an accepted completion if ${claim}`, async () => {
    const { editor, asked } = await accepted("if (a) {║", options);
    assert.deepEqual([asked.length, editor.edits], [1, []]);
  });
}
