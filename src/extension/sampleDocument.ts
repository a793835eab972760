import * as vscode from "vscode";

/** Not localized: it is code. */
const sample = `export interface Point {
  readonly x: number;
  readonly y: number;
}

export function add(first: Point, second: Point): Point {
  return { x: first.x + second.x, y: first.y + second.y };
}

export function subtract(first: Point, second: Point): Point {
`;

/** Opens a new document that invites a completion at its end, and puts the cursor there. */
export async function showSample(): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: "typescript", content: sample });
  const editor = await vscode.window.showTextDocument(document);
  const end = document.lineAt(document.lineCount - 1).range.end;
  editor.selection = new vscode.Selection(end, end);
}
