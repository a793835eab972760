/** Language identifier to on or off; "*" for all others. */
export type EnabledLanguages = Readonly<Record<string, boolean>>;

/** A language's own entry decides, then the one for all. */
export function isLanguageEnabled(enable: EnabledLanguages, languageId: string): boolean {
  return enable[languageId] ?? enable["*"] ?? true;
}
