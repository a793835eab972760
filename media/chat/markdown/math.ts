import type { TokenizerExtensionFunction } from "marked";

/**
 * Matches `\(…\)`, `\[…\]`, `$$…$$` and `$…$`. Does not match single dollars whose content begins or ends with a space,
 * or that are followed by a digit, because they probably mean money.
 */
const formula =
  /^(?:\\\((?:[^\\\n]|\\(?!\)))+\\\)|\\\[(?:[^\\]|\\(?!\]))+\\\]|\$\$(?:[^$\\]|\\.)+\$\$|\$(?![\s$])(?:[^$\\\n`]|\\.)*(?<![\s\\])\$(?![\d$]))/s;

/** Matches the possible beginning of a formula. */
export const formulaStart = /\\[([]|\$/;

/** A formula is shown as it is written: its backslashes are not escapes, and its underscores do not mark emphasis. */
export const formulaAsWritten: TokenizerExtensionFunction = (source) => {
  const raw = formula.exec(source)?.[0];
  return raw === undefined ? undefined : { type: "escape", raw, text: raw };
};
