import type { TextDocument } from "vscode-languageserver-textdocument";
import {
  blockerOf,
  ineligibilityOf,
  type DocumentFacts,
  type EligibilitySettings,
  type Blocker,
  type Ineligibility,
} from "../shared/eligibility.js";
import type { Configuration } from "./configuration.js";
import { documentPath, relativePathOf } from "../core/tokens/headerPath.js";

/** Whether a file is excluded. If so, no model may read it. */
export function isExcludedIn(
  { exclusion }: Pick<Settings, "exclusion">,
  uri: string,
  folders: readonly string[],
): boolean {
  const path = documentPath(uri);
  return exclusion.isExcluded(path, relativePathOf(path, folders));
}

type Settings = Pick<Configuration, "settings" | "exclusion">;

/** Why a document is not eligible for automatic completions; undefined if it is. */
export function ineligibilityIn(
  configuration: Settings,
  document: TextDocument,
  folders: readonly string[],
): Ineligibility | undefined {
  return ineligibilityOf(factsOf(document, folders), eligibilitySettings(configuration));
}

/** Why a document gets no completions, not even when the user invokes them; undefined if it gets them. */
export function blockerIn(
  configuration: Settings,
  document: TextDocument,
  folders: readonly string[],
): Blocker | undefined {
  return blockerOf(factsOf(document, folders), eligibilitySettings(configuration));
}

function factsOf(document: TextDocument, folders: readonly string[]): DocumentFacts {
  const path = documentPath(document.uri);
  return {
    languageId: document.languageId,
    isEditable: true, // clients request no completions in read-only documents
    path,
    relativePath: relativePathOf(path, folders),
    lines: document.lineCount,
    length: () => document.getText().length,
  };
}

function eligibilitySettings({ settings, exclusion }: Settings): EligibilitySettings {
  return { enable: settings.enable, isExcluded: exclusion.isExcluded, server: settings };
}
