import * as vscode from "vscode";
import type { CompletionClient } from "./completionClient.js";

/** Code, and the range of a document that it replaces. */
export interface FittedCode {
  readonly range: vscode.Range;
  readonly text: string;
}

/**
 * Adapts code that was written elsewhere to the place where it is inserted. If the server cannot do that, code that is
 * inserted before a line's text gets a line of its own, and other code is unchanged.
 */
export async function fittedCode(
  server: Pick<CompletionClient, "insertion">,
  document: vscode.TextDocument,
  { range, text }: FittedCode,
): Promise<FittedCode> {
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
    return fallback; // insert the code even if the server fails
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
  if (editor === undefined) return "    ";
  // The types also allow "auto", but only for setting an option; VS Code returns numbers and booleans.
  return editor.options.insertSpaces === false ? "\t" : " ".repeat(Number(editor.options.tabSize));
}
