import { TextDocuments } from "vscode-languageserver";
import { TextDocument, type TextDocumentContentChangeEvent } from "vscode-languageserver-textdocument";
import type { DocumentSession } from "../core/completion/documentSession.js";

/** What follows an edit of a document that is open. */
export type EditListener = (uri: string, edit: (session: DocumentSession) => void) => void;

/**
 * The documents that the client has open. Each change goes to the document's tokens as an edit of whole lines; line ends
 * of all three kinds count, as LSP has it.
 */
export function openDocuments(onEdit: EditListener): TextDocuments<TextDocument> {
  return new TextDocuments({
    create: (uri, languageId, version, content) => TextDocument.create(uri, languageId, version, content),
    update: (document, changes, version) => {
      for (const change of changes) applyChange(document, change, version, onEdit);
      return document;
    },
  });
}

function applyChange(
  document: TextDocument,
  change: TextDocumentContentChangeEvent,
  version: number,
  onEdit: EditListener,
): void {
  const oldLineCount = document.lineCount;
  TextDocument.update(document, [change], version); // in place
  onEdit(document.uri, (session) => {
    if ("range" in change && session.document.lineCount === oldLineCount) editLines(document, change, session);
    // A line end torn or joined at the edge of a change moves lines that the change does not name.
    if (!("range" in change) || session.document.lineCount !== document.lineCount) session.setText(document.getText());
  });
}

type RangedChange = Extract<TextDocumentContentChangeEvent, { range: unknown }>;

function editLines(document: TextDocument, { range, text }: RangedChange, session: DocumentSession): void {
  const last = session.document.lineCount - 1;
  const startLine = Math.min(range.start.line, range.end.line, last);
  const endLine = Math.min(Math.max(range.start.line, range.end.line), last) + 1;
  const newLines = (text.match(/\r\n?|\n/g)?.length ?? 0) + 1;
  const newText = document.getText({
    start: { line: startLine, character: 0 },
    end: { line: startLine + newLines, character: 0 },
  });
  session.edit({ startLine, endLine, text: newText });
}

/** One line of a document, without its line end. */
export function rawLine(document: TextDocument, line: number): string {
  const range = { start: { line, character: 0 }, end: { line: line + 1, character: 0 } };
  return document.getText(range).replace(/\r\n?$|\n$/, "");
}
