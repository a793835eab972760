import type { Filter } from "./filter.js";

/** Drops a comma before a closer in languages that forbid it: in the text, right of the cursor or below. */
export const lastSeparator: Filter = (candidate, { afterCursor, below, state }) => {
  const { replaced } = candidate;
  if (state.frame.grammar.allowsTrailingComma) return candidate;
  const text = state.frame.kind === "string" ? candidate.text : withoutTrailingCommas(candidate.text);
  if (!/,\s*$/.test(text)) return { text, replaced };
  const next = [afterCursor.slice(replaced), ...below].find((line) => line.trim() !== "");
  if (next === undefined || !/^\s*[)\]}]/.test(next)) return { text, replaced };
  return { text: text.replace(/,\s*$/, ""), replaced };
};

/** Strings keep their commas. */
function withoutTrailingCommas(text: string): string {
  return text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')|,(\s*[)\]}])/g,
    (_, quoted?: string, closer?: string) => quoted ?? closer ?? "",
  );
}
