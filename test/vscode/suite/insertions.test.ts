import assert from "node:assert/strict";
import * as vscode from "vscode";
import { openNew, ready, statistics, type, until } from "./editor.js";

/** A document, and the text that is typed at its end, with the editor's automatic closing of brackets and quotes on. */
type Place = readonly [what: string, language: string, document: string, typed: string];

const calls = 'const a = parse("alpha");\nconst b = parse("alpha");\nconst c = parse("alpha");\n';
const loops = "items.forEach((item) => {\n  show(item);\n});\nitems.forEach((item) => {\n  show(item);\n});\n";
const python = "def add(a, b):\n    return a + b\n\n\ndef mul(a, b):\n    return a * b\n\n\n";
const css = ".a {\n  color: red;\n  margin: 0;\n}\n.b {\n  color: red;\n  margin: 0;\n}\n";

const places: readonly Place[] = [
  ["a string in calls within calls", "typescript", calls, 'const d = wrap(parse("'],
  ["an argument before closers", "typescript", calls, "const d = wrap(parse("],
  ["a callback", "typescript", loops, "items.forEach("],
  ["a body between braces", "typescript", loops, "items.forEach((item) => {"],
  ["a body on a line of its own", "typescript", loops, "items.forEach((item) => {\n"],
  ["an object", "typescript", 'create({ name: "a", age: 1 });\ncreate({ name: "b", age: 2 });\n', "create({"],
  ["an array", "javascript", "const a = [1, 2, 3];\nconst b = [1, 2, 3];\n", "const c = ["],
  ["a template", "typescript", "const a = `one ${x}`;\nconst b = `one ${x}`;\n", "const c = `one ${"],
  ["a function's body", "python", python, "def sub(a, b):\n"],
  ["an argument", "python", python, "print(add("],
  ["a rule", "css", css, ".c {\n"],
  ["a list of JSON", "json", '{\n  "a": [1, 2],\n  "b": [1, 2],\n  "c": ', "["],
];

suite("accepted text leaves the code intact", () => {
  suiteSetup(ready);

  let offered = 0;
  for (const [what, language, document, typed] of places) {
    test(what, async () => {
      const editor = await openNew(language, document);
      for (const key of typed) await type(key);
      const before = editor.document.getText();
      const right = before.slice(editor.document.offsetAt(editor.selection.active));
      if (!(await accept(editor))) return;
      offered++;
      const text = editor.document.getText();
      assert.ok(!unbalanced(text).some((one) => one.startsWith("stray")), text);
      // If nothing follows on the line, the accepted text may leave brackets open.
      if (right.trim() !== "") assert.ok(unbalanced(text).length <= unbalanced(before).length, text);
      assert.doesNotMatch(text, /;[)\]]|,\s*[\]}]/, text);
      await vscode.commands.executeCommand("undo");
      assert.equal(editor.document.getText(), before);
    });
  }

  test("most of these positions get a completion", () => {
    assert.ok(offered >= 8, `${offered} of ${places.length}`);
  });

  teardown(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });
});

/** Triggers ghost text and accepts it. @returns false if none is shown. */
async function accept({ document }: vscode.TextEditor): Promise<boolean> {
  const before = document.getText();
  const shownBefore = (await statistics())?.requests.shown ?? 0;
  const emptyBefore = (await statistics())?.requests.empty ?? 0;
  await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
  const isShown = await until("an answer", async () => {
    const now = (await statistics())?.requests;
    if (now !== undefined && now.shown > shownBefore) return true;
    return now !== undefined && now.empty > emptyBefore ? false : undefined;
  });
  if (!isShown) return false;
  await until("the text to be accepted", async () => {
    await vscode.commands.executeCommand("editor.action.inlineSuggest.commit");
    return document.getText() === before ? undefined : true;
  });
  return true;
}

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/**
 * The unclosed brackets of a text, and "stray" for closers without an opener. Strings in these documents have no
 * brackets.
 */
function unbalanced(text: string): string[] {
  const open: string[] = [];
  for (const unit of text) {
    const closer = closers[unit];
    if (closer !== undefined) open.push(closer);
    else if (")]}".includes(unit)) {
      if (open.at(-1) === unit) open.pop();
      else open.push(`stray ${unit}`);
    }
  }
  return open;
}
