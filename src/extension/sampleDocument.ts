import * as vscode from "vscode";
import { sampleOffset, sampleText } from "./sampleText.js";

/** Opens a new document with the sample, and puts the cursor where the completion belongs. */
export async function showSample(): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: "typescript", content: sampleText });
  const editor = await vscode.window.showTextDocument(document);
  // VS Code may have changed the line endings, so the cursor is found by its line.
  const [last = "", ...above] = sampleText.slice(0, sampleOffset).split("\n").reverse();
  const cursor = new vscode.Position(above.length, last.length);
  editor.selection = new vscode.Selection(cursor, cursor);
}
