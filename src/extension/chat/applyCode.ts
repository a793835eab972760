import * as vscode from "vscode";
import { showInformation } from "../notifications.js";
import type { SelectedText } from "../instructions/selectedText.js";
import { symbolsOf } from "./attachmentPicker.js";
import { lastEditor } from "./attachmentSources.js";

/** Shows a diff in which code replaces a part of a document. The user can accept or reject it. */
export type OfferChange = (document: vscode.TextDocument, replaced: SelectedText, code: string) => Promise<void>;

/**
 * Offers to apply code to the document of the last used editor. The code replaces the selection or, if nothing is
 * selected, the symbol that the code redefines. If there is neither, the code is inserted at the cursor.
 */
export async function applyCode(code: string, offerChange: OfferChange): Promise<void> {
  const editor = lastEditor();
  if (editor === undefined) {
    void showInformation(vscode.l10n.t("RWKV Code: Open a document to apply the code to."));
    return;
  }
  const { document, selection } = editor;
  const range = selection.isEmpty ? ((await definedIn(document, code)) ?? selection) : selection;
  const replaced = {
    text: document.getText(range),
    offset: document.offsetAt(range.start),
    before: document.getText(),
  };
  await offerChange(document, replaced, code);
}

const definition =
  /(?<![\p{L}\p{N}_$])(?:function\*?|class|def|fn|func|interface|type|struct|enum|trait|const|let|var)\s+([\p{L}\p{N}_$]+)/u;

/** The range of the symbol in the document that has the same name as the first symbol that the code defines. */
async function definedIn(document: vscode.TextDocument, code: string): Promise<vscode.Range | undefined> {
  const name = definition.exec(code)?.[1];
  return name === undefined ? undefined : (await symbolsOf(document)).find((symbol) => symbol.name === name)?.range;
}
