import type { Blocker } from "../shared/eligibility.js";

/**
 * Schemes whose documents can be edited although they are not files: untitled documents, notebook cells, commit
 * messages, interactive inputs.
 */
const editableSchemes = ["untitled", "vscode-notebook-cell", "vscode-scm", "vscode-interactive-input"];

/** @param isWritable whether the scheme's file system is writable; undefined if unknown. */
export function isEditable(scheme: string, isWritable: boolean | undefined): boolean {
  return editableSchemes.includes(scheme) || isWritable === true;
}

/** The access to a document that a command needs. */
export type DocumentUse = "writeInto" | "readFile" | "readSelection";

/** The blockers that matter for each use. A document that has any blocker is never opened in the server. */
const blockers: Readonly<Record<DocumentUse, readonly Blocker[]>> = {
  writeInto: ["excluded", "notEditable", "tooLarge"],
  readFile: ["excluded", "tooLarge"],
  readSelection: ["excluded"],
};

/** The document's blocker if it matters for the use; otherwise undefined. */
export function blockerFor(use: DocumentUse, blocker: Blocker | undefined): Blocker | undefined {
  return blockers[use].find((one) => one === blocker);
}
