import type { EnabledLanguages, ServerSettings } from "./protocol.js";

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

/** Why a document gets no text by itself: what keeps it from commands as well, or what is turned off. */
export type Ineligibility = Hindrance | "languageOff" | "allOff";

/** Why a document gets no text, even if the user asks for some. */
export type Hindrance = "notEditable" | "excluded" | "tooLarge";

/** Documents of more than 5 MB stay out, whatever their lines. */
export const maxLength = 5_000_000;

/** What of the settings decides it. */
export interface EligibilitySettings {
  readonly enable: EnabledLanguages;
  readonly isExcluded: (path: string, relativePath: string) => boolean;
  readonly server: Pick<ServerSettings, "maxLines">;
}

/** Why a document gets no text by itself; undefined if it gets some. */
export function ineligibilityOf(facts: DocumentFacts, settings: EligibilitySettings): Ineligibility | undefined {
  const { enable } = settings;
  const hindrance = closedTo(facts, settings);
  if (hindrance !== undefined) return hindrance;
  if (!isLanguageEnabled(enable, facts.languageId)) return isAllOff(enable) ? "allOff" : "languageOff";
  return isTooLarge(facts, settings) ? "tooLarge" : undefined;
}

/** Why a command does nothing in a document, whatever its language; undefined if it may. */
export function hindranceOf(facts: DocumentFacts, settings: EligibilitySettings): Hindrance | undefined {
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

/** True if no language is on. */
function isAllOff(enable: EnabledLanguages): boolean {
  return enable["*"] === false && !Object.values(enable).includes(true);
}

/** A language's own entry decides, then the one for all. */
export function isLanguageEnabled(enable: EnabledLanguages, languageId: string): boolean {
  const entry = (id: string): boolean | undefined => (Object.hasOwn(enable, id) ? enable[id] : undefined);
  return entry(languageId) ?? entry("*") ?? true;
}
