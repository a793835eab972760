import type { Ineligibility } from "../shared/eligibility.js";

/** What can be typed into without being a file: new documents, cells, a commit's message, the input of a console. */
const editableSchemes = ["untitled", "vscode-notebook-cell", "vscode-scm", "vscode-interactive-input"];

/** @param isWritable whether the scheme is one of files that can be written; undefined where nobody knows. */
export function isEditable(scheme: string, isWritable: boolean | undefined): boolean {
  return editableSchemes.includes(scheme) || isWritable === true;
}

/** What is done with a document. */
export type DocumentUse = "complete" | "writeInto" | "readFile" | "readSelection";

/** What keeps a document from a use; what is kept from the server is kept from all. */
const hindrances: Readonly<Record<DocumentUse, readonly Ineligibility[]>> = {
  complete: ["excluded", "notEditable", "languageOff", "tooLarge"],
  writeInto: ["excluded", "notEditable", "tooLarge"],
  readFile: ["excluded", "tooLarge"],
  readSelection: ["excluded"],
};

/** Why something is not done with a document; undefined where it is. */
export function hindranceOf(use: DocumentUse, ineligibility: Ineligibility | undefined): Ineligibility | undefined {
  return hindrances[use].find((one) => one === ineligibility);
}
