import { isComment } from "../structure/lines.js";
import type { InsertionPoint } from "../structure/insertionPoint.js";
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

/**
 * Matches a logical operator after its first operand, with the whitespace around it. These operators are never operands
 * themselves.
 */
const operator = /(?<=[\w$)\]}"'`])\s+(?:\|\||&&|\?\?)\s*$/;

/**
 * Whether to add a comma to a text that becomes a line of its own above the text after the cursor: true if the text is
 * an item and lacks its comma. The text is an item in JSON, or if commas end the lines around it. Between braces, it
 * and the text after the cursor must also be two properties or two arms.
 */
export function needsComma(text: string, point: InsertionPoint): boolean {
  const { afterCursor, lastAbove, state } = point;
  const { frame } = state;
  const [line] = point.linesOf(text);
  if (line === undefined || frame.mode !== "code" || frame.kind !== "bracket" || frame.rule !== undefined) return false;
  // An annotation belongs to the next item. Below a line that ends with neither a comma nor an opener, the text
  // continues an item.
  if (/^\s*[@#]/.test(text) || lastAbove === undefined || !/[,([{]\s*$/.test(lastAbove.text)) return false;
  if (line.end !== frame || isComment(line) || !/[\p{L}\p{N}_)\]}"'`]\s*$/u.test(text)) return false;
  if (frame.grammar.holdsItemsOnly) return true;
  const isBetweenCommas = /,\s*$/.test(afterCursor) || (lastAbove.start === frame && /,\s*$/.test(lastAbove.text));
  return (
    isBetweenCommas && (frame.closer !== "}" || [property, arm].some((one) => one.test(text) && one.test(afterCursor)))
  );
}

const property = /^\s*(?:"[^"]*"|'[^']*'|[\w$]+)\s*:(?!:)/;
/** Matches an arm whose body is not a block, so that a comma must follow it. */
const arm = /=>.*[^\s}]\s*$/;

/** Removes commas before closers, but not within strings. */
function withoutTrailingCommas(text: string): string {
  return text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')|,(\s*[)\]}])/g,
    (_, quoted?: string, closer?: string) => quoted ?? closer ?? "",
  );
}
