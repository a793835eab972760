import type { TextDocument } from "vscode-languageserver-textdocument";
import { ineligibilityOf, type Ineligibility } from "../shared/eligibility.js";
import type { Configuration } from "./configuration.js";
import { documentPath, relativePathOf } from "./headerPath.js";

/** Whether a file is one that no model reads. */
export function isExcludedIn(
  { exclusion }: Pick<Configuration, "exclusion">,
  uri: string,
  folders: readonly string[],
): boolean {
  const path = documentPath(uri);
  return exclusion.isExcluded(path, relativePathOf(path, folders));
}

/** Why the model does not read a document, whatever client has it open; undefined when it does. */
export function ineligibilityIn(
  { settings, exclusion }: Pick<Configuration, "settings" | "exclusion">,
  document: TextDocument,
  folders: readonly string[],
): Ineligibility | undefined {
  const path = documentPath(document.uri);
  return ineligibilityOf(
    {
      languageId: document.languageId,
      isEditable: true, // what a client shows and does not edit, it does not complete
      path,
      relativePath: relativePathOf(path, folders),
      lines: document.lineCount,
      length: () => document.getText().length,
    },
    { enable: settings.enable, isExcluded: exclusion.isExcluded, server: settings },
  );
}
