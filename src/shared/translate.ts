/** Translates a UI text and fills in `{0}`, `{1}` …. In VS Code it is `vscode.l10n.t`. */
export type Translate = (text: string, ...values: (string | number)[]) => string;

/** Fills in the placeholders without translating the text; used by the command line. */
export const untranslated: Translate = (text, ...values) =>
  text.replace(/\{(\d)\}/g, (placeholder, index: string) => String(values[Number(index)] ?? placeholder));
