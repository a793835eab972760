import assert from "node:assert/strict";
import test from "node:test";
import "../support/vscodeStandIn.js";
import type * as vscode from "vscode";
import { FakeEditor, Range } from "../support/fakeEditor.js";
import { FixActions } from "../../src/extension/instructions/fixActions.js";

/**
 * The quick fixes for problems with these messages, on lines 1, 2, ….
 * @param canFix whether the model can fix problems.
 */
function fixes(messages: readonly string[], canFix = true) {
  const { document } = new FakeEditor("").asEditor;
  const diagnostics = messages.map((message, i) => ({ message, range: new Range(i + 1, 0, i + 1, 3) }));
  const context = { diagnostics } as unknown as vscode.CodeActionContext; // only these members are used
  const asked: unknown[] = [];
  const actions = new FixActions((one) => asked.push(one) > 0 && canFix);
  const found = actions.provideCodeActions(document, diagnostics[0]?.range as unknown as vscode.Range, context);
  assert.deepEqual(asked, [document]);
  return found.map(({ title, command, diagnostics: own }) => [
    title,
    command?.command,
    command?.arguments,
    own?.length,
  ]);
}

test("a problem gets one fix, which asks for this problem", () => {
  assert.deepEqual(fixes(["unused"]), [["Fix with RWKV Code", "rwkvCode.fixProblem", ["unused", 1], 1]]);
});

test("of several problems each fix names its own, as inert text", () => {
  assert.deepEqual(fixes(["unused", "no [x](y)"]), [
    ["Fix with RWKV Code: unused", "rwkvCode.fixProblem", ["unused", 1], 1],
    ["Fix with RWKV Code: no [x] (y)", "rwkvCode.fixProblem", ["no [x](y)", 2], 1],
  ]);
});

test("there is no fix without a problem, or while the model cannot read the document or follow instructions", () => {
  assert.deepEqual([fixes([]), fixes(["unused"], false)], [[], []]);
});
