import type { EnabledLanguages, ServerSettings } from "../protocol.js";

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

/** Why a document is not completed; undefined when it is. */
export type Ineligibility = "notEditable" | "languageOff" | "excluded" | "tooLarge";

/** Documents of more than 5 MB stay out, whatever their lines. */
export const maxLength = 5_000_000;

/** What of the settings decides it. */
export interface EligibilitySettings {
  readonly enable: EnabledLanguages;
  readonly isExcluded: (path: string, relativePath: string) => boolean;
  readonly server: Pick<ServerSettings, "maxLines">;
}

export function ineligibilityOf(facts: DocumentFacts, settings: EligibilitySettings): Ineligibility | undefined {
  if (settings.isExcluded(facts.path, facts.relativePath)) return "excluded";
  if (!facts.isEditable) return "notEditable";
  if (!isLanguageEnabled(settings.enable, facts.languageId)) return "languageOff";
  if (facts.lines > settings.server.maxLines || facts.length() > maxLength) return "tooLarge";
  return undefined;
}

/** A language's own entry decides, then the one for all. */
export function isLanguageEnabled(enable: EnabledLanguages, languageId: string): boolean {
  const entry = (id: string): boolean | undefined => (Object.hasOwn(enable, id) ? enable[id] : undefined);
  return entry(languageId) ?? entry("*") ?? true;
}
