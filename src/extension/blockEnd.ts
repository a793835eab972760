import * as vscode from "vscode";
import type { CompletionClient } from "./completionClient.js";

/**
 * Call after a completion was accepted. If it ends by opening a block that nothing closes, adds a line for the block's
 * content, places the cursor there, and closes the block. If it ends with a start tag, adds the end tag. The editor
 * does the same when the user types the brace and a newline, or the tag, so the editor's settings for that apply. One
 * undo removes the completion and the addition.
 */
export async function addMissingBlockEnd(client: Pick<CompletionClient, "blockEnd">): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.selections.length !== 1 || !editor.selection.isEmpty) return;
  const { document, selection } = editor;
  const { version, lineCount } = document;
  const { active } = selection;
  if (active.line >= lineCount || !/[{>]\s*$/.test(document.lineAt(active.line).text.slice(0, active.character)))
    return;
  if (!closesBrackets(document)) return;
  const end = await client.blockEnd(document, active).catch(() => undefined); // a convenience: no message if it fails
  const isOutdated = document.version !== version || !editor.selection.isEqual(selection);
  if (end === undefined || isOutdated || vscode.window.activeTextEditor !== editor) return;
  const isTag = end.startsWith("</");
  if (isTag && !closesTags(document)) return;
  const [before, after] = isTag ? ["", end] : ["\n\t", `\n${end}`];
  const block = new vscode.SnippetString().appendText(before).appendTabstop(0).appendText(after);
  await editor.insertSnippet(block, active, { undoStopBefore: false, undoStopAfter: true });
}

function closesBrackets(document: vscode.TextDocument): boolean {
  return vscode.workspace.getConfiguration("editor", document).get<string>("autoClosingBrackets") !== "never";
}

/**
 * The setting `autoClosingTags` exists only for HTML, JavaScript and TypeScript. In other languages, tags are closed.
 */
function closesTags(document: vscode.TextDocument): boolean {
  const section = document.languageId.replace(/react$/, "");
  return vscode.workspace.getConfiguration(section, document).get<boolean>("autoClosingTags") !== false;
}
