import { TextDocuments } from "vscode-languageserver";
import { TextDocument, type TextDocumentContentChangeEvent } from "vscode-languageserver-textdocument";
import type { EngineDocuments } from "../core/engine/engineDocuments.js";
import type { LineEdit } from "../core/tokens/openDocument.js";

/** Returns the engine's documents, to which edits are applied; undefined while there is no model. */
export type EditTarget = () => Pick<EngineDocuments, "edit" | "setText" | "lineCount"> | undefined;

/**
 * The documents that the client has open. Each change is also applied to the engine's copy, as an edit of whole lines
 * if possible. As in LSP, a line ends with `\n`, `\r\n` or `\r`.
 */
export function openDocuments(target: EditTarget): TextDocuments<TextDocument> {
  return new TextDocuments({
    create: (uri, languageId, version, content) => TextDocument.create(uri, languageId, version, content),
    update: (document, changes, version) => {
      if (changes.length > maxSeparateEdits) applyAsOneEdit(document, changes, version, target);
      else for (const change of changes) applyChange(document, change, version, target);
      return document;
    },
  });
}

/** More changes than this are applied as one edit, because each separate edit moves all lines and tokens after it. */
const maxSeparateEdits = 32;

function applyAsOneEdit(
  document: TextDocument,
  changes: TextDocumentContentChangeEvent[],
  version: number,
  target: EditTarget,
): void {
  const text = textAfter(document, changes);
  TextDocument.update(document, text === undefined ? changes : [{ text }], version); // modifies the document itself
  target()?.setText(document.uri, document.getText());
}

/**
 * The text after the changes if they are ordered from the document's end to its start, as VS Code sends them; otherwise
 * undefined.
 */
function textAfter(document: TextDocument, changes: readonly TextDocumentContentChangeEvent[]): string | undefined {
  const old = document.getText();
  const parts: string[] = [];
  let end = old.length; // the old text before `end` is still to be copied
  for (const change of changes) {
    if (!("range" in change)) return undefined;
    const [from, to] = [document.offsetAt(change.range.start), document.offsetAt(change.range.end)];
    if (from > to || to > end) return undefined;
    parts.push(old.slice(to, end), change.text);
    end = from;
  }
  return [...parts, old.slice(0, end)].toReversed().join("");
}

function applyChange(
  document: TextDocument,
  change: TextDocumentContentChangeEvent,
  version: number,
  target: EditTarget,
): void {
  const oldLineCount = document.lineCount;
  const start = "range" in change ? startOf(document, change) : 0;
  TextDocument.update(document, [change], version); // modifies the document itself
  // A change that joins or splits a line ending at its edge affects lines outside its range.
  const isLineEdit =
    "range" in change && !splitsLineEnd(document, start) && !splitsLineEnd(document, start + change.text.length);
  const open = target();
  const { uri } = document;
  if (isLineEdit && open?.lineCount(uri) === oldLineCount) open.edit(uri, lineEdit(document, change, oldLineCount));
  if (!isLineEdit || open?.lineCount(uri) !== document.lineCount) open?.setText(uri, document.getText());
}

/** True if the offset is between the two characters of one line ending. */
function splitsLineEnd(document: TextDocument, offset: number): boolean {
  return document.getText().slice(Math.max(0, offset - 1), offset + 1) === "\r\n";
}

type RangedChange = Extract<TextDocumentContentChangeEvent, { range: unknown }>;

function startOf(document: TextDocument, { range }: RangedChange): number {
  return Math.min(document.offsetAt(range.start), document.offsetAt(range.end));
}

/** Converts a change, already applied to `document`, to an edit of whole lines. Line numbers are from before it. */
function lineEdit(document: TextDocument, { range, text }: RangedChange, oldLineCount: number): LineEdit {
  const last = oldLineCount - 1;
  const startLine = Math.min(range.start.line, range.end.line, last);
  const endLine = Math.min(Math.max(range.start.line, range.end.line), last) + 1;
  const newLines = (text.match(/\r\n?|\n/g)?.length ?? 0) + 1;
  const newText = document.getText({
    start: { line: startLine, character: 0 },
    end: { line: startLine + newLines, character: 0 },
  });
  return { startLine, endLine, text: newText };
}

/** The text of one line without its line ending. */
export function rawLine(document: TextDocument, line: number): string {
  const range = { start: { line, character: 0 }, end: { line: line + 1, character: 0 } };
  return document.getText(range).replace(/\r\n?$|\n$/, "");
}
