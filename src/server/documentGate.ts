import type { TextDocument } from "vscode-languageserver-textdocument";
import {
  hindranceOf,
  ineligibilityOf,
  type DocumentFacts,
  type EligibilitySettings,
  type Hindrance,
  type Ineligibility,
} from "../shared/eligibility.js";
import type { Configuration } from "./configuration.js";
import { documentPath, relativePathOf } from "../core/tokens/headerPath.js";

/** Whether a file is one that no model reads. */
export function isExcludedIn(
  { exclusion }: Pick<Settings, "exclusion">,
  uri: string,
  folders: readonly string[],
): boolean {
  const path = documentPath(uri);
  return exclusion.isExcluded(path, relativePathOf(path, folders));
}

type Settings = Pick<Configuration, "settings" | "exclusion">;

/** Why a document gets no text by itself, whatever client has it open; undefined if it gets some. */
export function ineligibilityIn(
  configuration: Settings,
  document: TextDocument,
  folders: readonly string[],
): Ineligibility | undefined {
  return ineligibilityOf(factsOf(document, folders), eligibilitySettings(configuration));
}

/** Why a document gets no text even if the user asks for some; undefined if it does. */
export function hindranceIn(
  configuration: Settings,
  document: TextDocument,
  folders: readonly string[],
): Hindrance | undefined {
  return hindranceOf(factsOf(document, folders), eligibilitySettings(configuration));
}

function factsOf(document: TextDocument, folders: readonly string[]): DocumentFacts {
  const path = documentPath(document.uri);
  return {
    languageId: document.languageId,
    isEditable: true, // what a client shows and does not edit, it does not complete
    path,
    relativePath: relativePathOf(path, folders),
    lines: document.lineCount,
    length: () => document.getText().length,
  };
}

function eligibilitySettings({ settings, exclusion }: Settings): EligibilitySettings {
  return { enable: settings.enable, isExcluded: exclusion.isExcluded, server: settings };
}
