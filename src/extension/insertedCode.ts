import * as vscode from "vscode";
import type { CompletionClient } from "./completionClient.js";

/** Code and the range of a document that it is put in place of. */
export interface PlacedCode {
  readonly range: vscode.Range;
  readonly text: string;
}

/**
 * Code from elsewhere in the form in which it is put into a document. If the server does not know the document, or fails,
 * code at a line's start is a line of its own and otherwise stays as it is.
 */
export async function placedCode(
  server: Pick<CompletionClient, "insertion">,
  document: vscode.TextDocument,
  { range, text }: PlacedCode,
): Promise<PlacedCode> {
  const { version } = document;
  const { start, end } = range;
  const fallback = { range, text: endedBefore(document, range, text) };
  try {
    const found = await server.insertion(document, {
      range: {
        start: { line: start.line, character: start.character },
        end: { line: end.line, character: end.character },
      },
      text,
      indentUnit: indentUnitOf(document),
    });
    if (found === undefined || document.version !== version) return fallback;
    return { range: new vscode.Range(start, end.translate(0, found.replaced)), text: found.text };
  } catch {
    return fallback; // the code is inserted whatever becomes of the server
  }
}

function endedBefore(document: vscode.TextDocument, { start, end }: vscode.Range, text: string): string {
  const line = document.lineAt(end.line).text;
  const isAtStart = start.isEqual(end) && line.slice(0, start.character).trim() === "";
  const isBeforeText = line.slice(end.character).trim() !== "";
  return isAtStart && isBeforeText && !text.endsWith("\n") ? `${text}\n${line.slice(0, start.character)}` : text;
}

function indentUnitOf(document: vscode.TextDocument): string {
  const editor = vscode.window.visibleTextEditors.find((one) => one.document === document);
  // VS Code says numbers and booleans of an open editor; "auto" is for setting them.
  if (editor === undefined) return "    ";
  return editor.options.insertSpaces === false ? "\t" : " ".repeat(Number(editor.options.tabSize));
}
