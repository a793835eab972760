import type { Filter } from "./filter.js";

/** In languages that do not allow it, no comma stands before the closer on the next line. */
export const lastSeparator: Filter = (candidate, { afterCursor, below, state }) => {
  const { text, replaced } = candidate;
  if (state.frame.grammar.allowsTrailingComma || !/,\s*$/.test(text)) return candidate;
  const next = [afterCursor.slice(replaced), ...below].find((line) => line.trim() !== "");
  if (next === undefined || !/^\s*[)\]}]/.test(next)) return candidate;
  return { text: text.replace(/,\s*$/, ""), replaced };
};
