import type { Filter } from "./filter.js";

/** In languages without trailing commas, drops a comma if a closer follows in the text, after the cursor or below. */
export const lastSeparator: Filter = (candidate, { afterCursor, below, state }) => {
  const { replaced } = candidate;
  if (state.frame.grammar.allowsTrailingComma) return candidate;
  const text = state.frame.kind === "string" ? candidate.text : withoutTrailingCommas(candidate.text);
  if (!/,\s*$/.test(text)) return { text, replaced };
  const next = [afterCursor.slice(replaced), ...below].find((line) => line.trim() !== "");
  if (next === undefined || !/^\s*[)\]}]/.test(next)) return { text, replaced };
  return { text: text.replace(/,\s*$/, ""), replaced };
};

/** Removes commas before closers, but not within strings. */
function withoutTrailingCommas(text: string): string {
  return text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')|,(\s*[)\]}])/g,
    (_, quoted?: string, closer?: string) => quoted ?? closer ?? "",
  );
}
