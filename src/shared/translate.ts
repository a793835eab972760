/** `vscode.l10n.t`: a text of the user interface with `{0}`, `{1}` … filled in. */
export type Translate = (text: string, ...values: (string | number)[]) => string;

/** The text as it is written, for the command line. */
export const untranslated: Translate = (text, ...values) =>
  text.replace(/\{(\d)\}/g, (placeholder, index: string) => String(values[Number(index)] ?? placeholder));
