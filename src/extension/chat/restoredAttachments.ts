import * as vscode from "vscode";
import type { Attachment } from "../../shared/chatMessages.js";
import type { KeptAttachment } from "./conversation.js";

export interface RestoredAttachments {
  /** The restored attachments. Their tokens are not counted, because this session's model may tokenize differently. */
  readonly attachments: readonly KeptAttachment[];
  /** True if some stored attachments were not restored. To delete those, the caller must store `attachments` again. */
  readonly isPartial: boolean;
}

/** Reads the stored attachments of an unsent message, except those whose files are now excluded or gone. */
export async function restoredAttachments(
  stored: string,
  isExcluded: (uri: vscode.Uri) => boolean,
): Promise<RestoredAttachments> {
  const all = parsed(stored);
  const valid = all.filter(isAttachment);
  const isKept = await Promise.all(valid.map(({ uri }) => isRestorable(uri, isExcluded)));
  const attachments = valid.filter((_, i) => isKept[i]).map((one) => ({ ...one, tokens: 0 }));
  return { attachments, isPartial: attachments.length < all.length };
}

async function isRestorable(name: string, isExcluded: (uri: vscode.Uri) => boolean): Promise<boolean> {
  try {
    const uri = vscode.Uri.parse(name);
    return !isExcluded(uri) && !(await isGone(uri));
  } catch {
    return false;
  }
}

/** Whether a document was in a file that no longer exists. */
async function isGone(uri: vscode.Uri): Promise<boolean> {
  const file = fileOf(uri);
  if (file === undefined) return false;
  try {
    await vscode.workspace.fs.stat(file);
    return false;
  } catch (error) {
    // A file that cannot be reached at the moment may still exist.
    return error instanceof Error && "code" in error && error.code === "FileNotFound";
  }
}

/** The file of a document or of a cell's notebook; undefined for others, such as a document that was never saved. */
function fileOf(uri: vscode.Uri): vscode.Uri | undefined {
  if (uri.scheme === "file") return uri;
  const isOfFile = uri.scheme === "vscode-notebook-cell" && uri.authority === "" && uri.path.startsWith("/");
  return isOfFile ? uri.with({ scheme: "file", fragment: "" }) : undefined;
}

/** Parses the stored list; empty if it is damaged, because the user can attach everything again. */
function parsed(stored: string): readonly unknown[] {
  try {
    const all: unknown = JSON.parse(stored);
    return Array.isArray(all) ? all : [];
  } catch {
    return [];
  }
}

const kinds: readonly unknown[] = ["file", "selection", "symbol", "problems"] satisfies readonly Attachment["kind"][];

function isAttachment(value: unknown): value is KeptAttachment {
  const one = (value ?? {}) as Partial<Record<keyof KeptAttachment, unknown>>; // each field is checked
  const texts = [one.id, one.uri, one.label, one.languageId, one.text];
  const isComplete = texts.every((text) => typeof text === "string") && typeof one.isWholeFile === "boolean";
  return isComplete && kinds.includes(one.kind);
}
