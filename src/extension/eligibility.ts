import type { Blocker } from "../shared/eligibility.js";

/** What can be typed into without being a file: new documents, cells, a commit's message, the input of a console. */
const editableSchemes = ["untitled", "vscode-notebook-cell", "vscode-scm", "vscode-interactive-input"];

/** @param isWritable whether the scheme is one of files that can be written; undefined where nobody knows. */
export function isEditable(scheme: string, isWritable: boolean | undefined): boolean {
  return editableSchemes.includes(scheme) || isWritable === true;
}

/** What a command does with a document. */
export type DocumentUse = "writeInto" | "readFile" | "readSelection";

/** What keeps a document from a use; what is kept from the server is kept from all. */
const blockers: Readonly<Record<DocumentUse, readonly Blocker[]>> = {
  writeInto: ["excluded", "notEditable", "tooLarge"],
  readFile: ["excluded", "tooLarge"],
  readSelection: ["excluded"],
};

/** Which of a document's blockers, if it has one, keeps it from a use. */
export function blockerFor(use: DocumentUse, blocker: Blocker | undefined): Blocker | undefined {
  return blockers[use].find((one) => one === blocker);
}
