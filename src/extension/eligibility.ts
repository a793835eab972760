import { isLanguageEnabled } from "./languages.js";
import type { Settings } from "./settings.js";

/** What decides whether a document is completed. */
export interface DocumentFacts {
  readonly languageId: string;
  /** True for files and other documents that can be typed into; false for output, diffs, settings pages. */
  readonly isEditable: boolean;
  /** The path, with `/` between its parts, and the same relative to its workspace folder. */
  readonly path: string;
  readonly relativePath: string;
  readonly lines: number;
  /** Length in UTF-16 units; asked for last, as counting is costly. */
  readonly length: () => number;
}

/** Why a document is not completed; undefined where it is. */
export type Ineligibility = "notEditable" | "languageOff" | "excluded" | "tooLarge";

/** Documents of more than 5 MB stay out, whatever their lines. */
export const maxLength = 5_000_000;

export function ineligibilityOf(
  facts: DocumentFacts,
  settings: Pick<Settings, "enable" | "isExcluded" | "server">,
): Ineligibility | undefined {
  if (settings.isExcluded(facts.path, facts.relativePath)) return "excluded";
  if (!facts.isEditable) return "notEditable";
  if (!isLanguageEnabled(settings.enable, facts.languageId)) return "languageOff";
  if (facts.lines > settings.server.maxLines || facts.length() > maxLength) return "tooLarge";
  return undefined;
}

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
