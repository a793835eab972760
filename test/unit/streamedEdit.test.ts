import assert from "node:assert/strict";
import test from "node:test";
import "../support/vscodeStandIn.js";
import type * as vscode from "vscode";
import { StreamedEdit } from "../../src/extension/streamedEdit.js";

/**
 * Streams text into an editor whose `edit` is this function.
 * @returns the reasons why writing was stopped.
 */
async function disturbances(edit: () => Promise<boolean>): Promise<readonly string[]> {
  const said: string[] = [];
  const document = { version: 1, offsetAt: () => 0, getText: () => "a" };
  const editor = { document, edit } as unknown as vscode.TextEditor; // only these members are used
  const at = { line: 0, character: 0 } as unknown as vscode.Position; // only these members are used
  const streamed = new StreamedEdit(editor, at, (why) => void said.push(why));
  await streamed.write("b");
  await streamed.write("c");
  await streamed.end();
  return said;
}

test("an edit that reports success without a change stops the writing: the editor is read-only", async () => {
  assert.deepEqual(await disturbances(async () => true), ["readOnly"]);
});

test("an edit that fails because of another edit stops the writing", async () => {
  assert.deepEqual(await disturbances(async () => false), ["edited"]);
});
