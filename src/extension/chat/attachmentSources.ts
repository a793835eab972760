import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { Blocker } from "../../shared/eligibility.js";
import { visibleText } from "../../shared/inertText.js";
import { blockerFor } from "../eligibility.js";
import { blockerText } from "../blockerText.js";
import type { KeptAttachment } from "./conversation.js";

/** Something that the user can attach to a chat message. */
export type AttachmentSource =
  | { readonly kind: "file"; readonly uri: vscode.Uri }
  | { readonly kind: "selection"; readonly editor: vscode.TextEditor }
  | {
      readonly kind: "symbol";
      readonly document: vscode.TextDocument;
      readonly name: string;
      readonly range: vscode.Range;
    }
  | { readonly kind: "problems"; readonly document: vscode.TextDocument };

export type BlockerOf = (document: vscode.TextDocument) => Blocker | undefined;

/**
 * Reads the content of an attachment. @throws Error with a message for the user if it must not or cannot be attached.
 */
export async function readAttachment(source: AttachmentSource, blockerOf: BlockerOf): Promise<KeptAttachment> {
  const document = await documentOf(source);
  const blocker = blockerFor(source.kind === "file" ? "readFile" : "readSelection", blockerOf(document));
  const name = nameOf(document.uri);
  if (blocker !== undefined) throw new Error(`${name}: ${blockerText(blocker)}`);
  return {
    id: randomUUID(),
    kind: source.kind,
    uri: document.uri.toString(),
    languageId: document.languageId,
    isWholeFile: source.kind === "file",
    tokens: 0,
    ...partOf(source, document, name),
  };
}

/** The active editor. While the chat view has the focus, no editor is active, so a visible editor is used. */
export function lastEditor(): vscode.TextEditor | undefined {
  return vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
}

/** The file or the selection of the last used editor. @throws Error that says what to do if there is none. */
export function sourceInEditor(kind: "file" | "selection"): AttachmentSource {
  const editor = lastEditor();
  if (editor === undefined) throw new Error(vscode.l10n.t("Open a file to attach"));
  if (kind === "file") return { kind, uri: editor.document.uri };
  if (editor.selection.isEmpty) throw new Error(vscode.l10n.t("Select something to attach"));
  return { kind, editor };
}

async function documentOf(source: AttachmentSource): Promise<vscode.TextDocument> {
  if (source.kind === "selection") return source.editor.document;
  if (source.kind !== "file") return source.document;
  try {
    return openDocument(source.uri) ?? (await vscode.workspace.openTextDocument(source.uri));
  } catch {
    throw new Error(vscode.l10n.t("{0} cannot be attached: it is not a text file.", nameOf(source.uri)));
  }
}

function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const open = [lastEditor()?.document, ...vscode.workspace.textDocuments];
  return open.find((document) => document?.uri.toString() === uri.toString());
}

function partOf(
  source: AttachmentSource,
  document: vscode.TextDocument,
  name: string,
): Pick<KeptAttachment, "label" | "text"> {
  switch (source.kind) {
    case "file":
      return { label: name, text: document.getText() };
    case "selection": {
      const { selection } = source.editor;
      return { label: `${name}:${linesOf(selection)}`, text: document.getText(selection) };
    }
    case "symbol":
      return { label: `${name}: ${visibleText(source.name)}`, text: document.getText(source.range) };
    case "problems":
      return { label: vscode.l10n.t("{0}: problems", name), text: problemsIn(document) };
  }
}

function linesOf({ start, end }: vscode.Range): string {
  const lastLine = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
  return lastLine > start.line + 1 ? `${start.line + 1}-${lastLine}` : `${start.line + 1}`;
}

/** Lists the problems of a document, each with its line of code. */
function problemsIn(document: vscode.TextDocument): string {
  const problems = vscode.languages.getDiagnostics(document.uri);
  return problems
    .map(({ message, range, severity }) => {
      const { line } = range.start;
      const kind = vscode.DiagnosticSeverity[severity].toLowerCase();
      return `${line + 1}: ${kind}: ${message}\n    ${document.lineAt(line).text.trim()}`;
    })
    .join("\n");
}

function nameOf(uri: vscode.Uri): string {
  return visibleText(uri.path.split("/").at(-1) ?? "");
}

/** What a menu command attaches: the files selected in the explorer, or else the editor's selection or file. */
export function attachedSources(uri: unknown, uris: unknown): readonly AttachmentSource[] {
  const all = Array.isArray(uris) ? uris : [uri];
  const files = all.filter((one) => one instanceof vscode.Uri);
  const editor = lastEditor();
  const isOfEditor =
    files.length === 0 || (files.length === 1 && files[0]?.toString() === editor?.document.uri.toString());
  if (!isOfEditor) return files.map((one) => ({ kind: "file", uri: one }));
  if (editor === undefined) return [];
  return [editor.selection.isEmpty ? { kind: "file", uri: editor.document.uri } : { kind: "selection", editor }];
}
