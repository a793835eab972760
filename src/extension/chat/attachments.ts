import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { Blocker } from "../../shared/eligibility.js";
import { blockerFor } from "../eligibility.js";
import { ineligibilityText } from "../ineligibilityText.js";
import type { CompletionClient } from "../completionClient.js";
import type { KeptAttachment } from "./conversation.js";
import { visibleText } from "../../shared/inertText.js";

/**
 * The file or the selection of the last used editor.
 * @throws Error that says what to do if there is none.
 */
export function createAttachment(
  kind: "file" | "selection",
  blockerOf: (document: vscode.TextDocument) => Blocker | undefined,
): KeptAttachment {
  const editor = lastEditor();
  if (editor === undefined) throw new Error(vscode.l10n.t("Open a file to attach"));
  const { document, selection } = editor;
  const isWholeFile = kind === "file";
  const blocker = blockerFor(isWholeFile ? "readFile" : "readSelection", blockerOf(document));
  if (blocker !== undefined) throw new Error(ineligibilityText(blocker));
  if (!isWholeFile && selection.isEmpty) throw new Error(vscode.l10n.t("Select something to attach"));
  const name = visibleText(document.uri.path.split("/").at(-1) ?? "");
  const { start, end } = selection;
  const lastLine = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
  const lines = lastLine > start.line + 1 ? `${start.line + 1}-${lastLine}` : `${start.line + 1}`;
  return {
    id: randomUUID(),
    label: isWholeFile ? name : `${name}:${lines}`,
    uri: document.uri.toString(),
    languageId: document.languageId,
    text: document.getText(isWholeFile ? undefined : selection),
    isWholeFile,
    tokens: 0,
  };
}

/** Counts the tokens of attachments that are not counted yet, by id; empty if there is no model to count with. */
export async function countTokens(
  attachments: readonly KeptAttachment[],
  client: Pick<CompletionClient, "countTokens">,
): Promise<ReadonlyMap<string, number>> {
  const uncounted = attachments.filter(({ tokens, text }) => tokens === 0 && text !== "");
  if (uncounted.length === 0) return new Map();
  try {
    const counts = await client.countTokens(uncounted.map(({ text }) => text));
    const all = uncounted.map(({ id }, i) => [id, counts[i] ?? 0] as const);
    return new Map(all.filter(([, tokens]) => tokens > 0));
  } catch {
    return new Map(); // the server is gone: they are counted when a model is ready again
  }
}

export function withCounts(
  attachments: readonly KeptAttachment[],
  counts: ReadonlyMap<string, number>,
): KeptAttachment[] {
  return attachments.map((one) => ({ ...one, tokens: counts.get(one.id) ?? one.tokens }));
}

/** While the chat view has the focus, no editor is active: then the visible one is meant. */
function lastEditor(): vscode.TextEditor | undefined {
  return vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
}
