import * as vscode from "vscode";
import type { Sample } from "./sampleText.js";

/** Shows a sample and sets the cursor. Reuses the document of an earlier call if it is unchanged. */
export async function showSample({ text, offset }: Sample): Promise<void> {
  const unchanged = vscode.workspace.textDocuments.find(
    (document) => document.isUntitled && document.getText().replaceAll("\r\n", "\n") === text,
  );
  const document = unchanged ?? (await vscode.workspace.openTextDocument({ language: "typescript", content: text }));
  const editor = await vscode.window.showTextDocument(document);
  // Use the line and the column, because VS Code may have changed the line endings and thus the offset.
  const [last = "", ...above] = text.slice(0, offset).split("\n").reverse();
  const cursor = new vscode.Position(above.length, last.length);
  editor.selection = new vscode.Selection(cursor, cursor);
}
