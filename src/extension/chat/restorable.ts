import * as vscode from "vscode";
import type { KeptAttachment } from "./conversation.js";

/**
 * Reads the stored attachments of a message that was not sent.
 * @returns those whose files still exist and are not excluded, to be counted by the model of this session.
 */
export async function restorable(stored: string, isExcluded: (uri: vscode.Uri) => boolean): Promise<KeptAttachment[]> {
  const kept: KeptAttachment[] = [];
  for (const attachment of parsed(stored)) {
    if (await isRestorable(attachment.uri, isExcluded)) kept.push({ ...attachment, tokens: 0 });
  }
  return kept;
}

async function isRestorable(name: string, isExcluded: (uri: vscode.Uri) => boolean): Promise<boolean> {
  try {
    const uri = vscode.Uri.parse(name);
    if (isExcluded(uri)) return false;
    // A document that was never saved exists as long as it is open.
    if (!vscode.workspace.textDocuments.some((document) => document.uri.toString() === name)) {
      await vscode.workspace.fs.stat(uri);
    }
    return true;
  } catch {
    return false;
  }
}

/** Nothing if the file was damaged: what was attached can be attached again. */
function parsed(stored: string): readonly KeptAttachment[] {
  try {
    const all: unknown = JSON.parse(stored);
    return Array.isArray(all) ? all.filter(isAttachment) : [];
  } catch {
    return [];
  }
}

function isAttachment(value: unknown): value is KeptAttachment {
  const one = (value ?? {}) as Partial<Record<keyof KeptAttachment, unknown>>; // each field is checked
  const texts = [one.id, one.kind, one.uri, one.label, one.languageId, one.text];
  return texts.every((text) => typeof text === "string") && typeof one.isWholeFile === "boolean";
}
