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

/** Drops an operator at the text's end before a separator or closer after the cursor, so that no operand is missing. */
export const lastOperator: Filter = (candidate, point) => {
  const { text, replaced } = candidate;
  const right = point.afterCursor.slice(replaced).trimStart();
  if (!/^[;,)\]}]/.test(right) || !operator.test(text)) return candidate;
  const end = point.linesOf(text).at(-1)?.end;
  return end?.mode === "code" && !end.grammar.expandsParameters
    ? { text: text.replace(operator, ""), replaced }
    : candidate;
};

/** Matches an operator that is never an operand itself, after its first operand, with the whitespace around it. */
const operator = /(?<=[\w$)\]}"'`])\s+(?:\|\||&&|\?\?)\s*$/;

/** Removes commas before closers, but not within strings. */
function withoutTrailingCommas(text: string): string {
  return text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')|,(\s*[)\]}])/g,
    (_, quoted?: string, closer?: string) => quoted ?? closer ?? "",
  );
}
