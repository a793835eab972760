import {
  CompletionItemKind,
  InsertTextFormat,
  InsertTextMode,
  type CompletionList,
  type InlineCompletionItem,
  type Position,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";

/** The characters, in addition to word characters, after which an editor requests a completion list. */
export const triggers = Array.from(" .,:;=([{<\"'`/");

/**
 * Ghost text as the only entry of a completion list, for editors without inline completion. Editors filter a list by
 * the word before the cursor, so the entry begins with that word. The list is always marked as incomplete, so the
 * editor asks again after every keystroke.
 */
export function completionListOf(
  document: TextDocument,
  { line, character }: Position,
  items: readonly InlineCompletionItem[],
): CompletionList {
  const [item] = items;
  if (item === undefined || typeof item.insertText !== "string" || item.range === undefined) {
    return { isIncomplete: true, items: [] };
  }
  const cursor = item.range.start;
  const before = document.getText({ start: { line, character: 0 }, end: cursor });
  const word = /[\p{L}\p{N}_$]*$/u.exec(before)?.[0] ?? "";
  const newText = word + item.insertText;
  const start = { line: cursor.line, character: cursor.character - word.length };
  const end = { line: item.range.end.line, character: Math.max(item.range.end.character, character) };
  return {
    isIncomplete: true,
    items: [
      {
        label: labelOf(newText),
        kind: CompletionItemKind.Text,
        detail: "RWKV Code",
        filterText: newText,
        insertTextFormat: InsertTextFormat.PlainText,
        insertTextMode: InsertTextMode.asIs,
        textEdit: { range: { start, end }, newText },
      },
    ],
  };
}

const maxLabelLength = 60;

function labelOf(text: string): string {
  const [first = "", ...more] = text.trim().split("\n");
  const isCut = more.length > 0 || first.length > maxLabelLength;
  return first.slice(0, maxLabelLength) + (isCut ? " …" : "");
}
