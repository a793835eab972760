import type { EnabledLanguages, ServerSettings } from "./protocol.js";

/** The properties of a document that decide whether it is completed. */
export interface DocumentFacts {
  readonly languageId: string;
  /** True for files and other documents that can be edited; false for output channels, diffs and settings pages. */
  readonly isEditable: boolean;
  /** The full path, and the path relative to the workspace folder, with `/` as the separator. */
  readonly path: string;
  readonly relativePath: string;
  readonly lines: number;
  /** Length in UTF-16 code units. A function, because counting is costly and not always needed. */
  readonly length: () => number;
}

/** Why a document gets no automatic completions: it is blocked, or the user has turned completions off for it. */
export type Ineligibility = Blocker | "languageOff" | "allOff";

/** Why a document gets no completions, even by command. */
export type Blocker = "notEditable" | "excluded" | "tooLarge";

/** Maximum length in UTF-16 code units. A longer document is `tooLarge`, however few lines it has. */
export const maxLength = 5_000_000;

export interface EligibilitySettings {
  readonly enable: EnabledLanguages;
  readonly isExcluded: (path: string, relativePath: string) => boolean;
  readonly server: Pick<ServerSettings, "maxLines">;
}

/** Why a document gets no automatic completions; undefined if it gets them. */
export function ineligibilityOf(facts: DocumentFacts, settings: EligibilitySettings): Ineligibility | undefined {
  const { enable } = settings;
  const blocker = closedTo(facts, settings);
  if (blocker !== undefined) return blocker;
  if (!isLanguageEnabled(enable, facts.languageId)) return isAllOff(enable) ? "allOff" : "languageOff";
  return isTooLarge(facts, settings) ? "tooLarge" : undefined;
}

/** Why commands are blocked in a document, regardless of its language; undefined if they are not. */
export function blockerOf(facts: DocumentFacts, settings: EligibilitySettings): Blocker | undefined {
  return closedTo(facts, settings) ?? (isTooLarge(facts, settings) ? "tooLarge" : undefined);
}

function closedTo(
  { path, relativePath, isEditable }: DocumentFacts,
  { isExcluded }: EligibilitySettings,
): "excluded" | "notEditable" | undefined {
  if (isExcluded(path, relativePath)) return "excluded";
  return isEditable ? undefined : "notEditable";
}

function isTooLarge({ lines, length }: DocumentFacts, { server }: EligibilitySettings): boolean {
  return lines > server.maxLines || length() > maxLength;
}

/** True if no language is enabled. */
export function isAllOff(enable: EnabledLanguages): boolean {
  return enable["*"] === false && !Object.values(enable).includes(true);
}

/** A language's own entry takes precedence over `*`. */
export function isLanguageEnabled(enable: EnabledLanguages, languageId: string): boolean {
  const entry = (id: string): boolean | undefined => (Object.hasOwn(enable, id) ? enable[id] : undefined);
  return entry(languageId) ?? entry("*") ?? true;
}
