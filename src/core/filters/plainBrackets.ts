// Brackets in strings, comments and the text of markup. The lexer does not count them, but readers and templates do.
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import { areClosersOnly } from "../structure/trace.js";

const openers: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/**
 * Does not double a closer after the cursor whose opener is before the cursor in the same string, comment or text:
 * "${{ a║ }}", // (a║). A text that ends the string replaces the closer together with the quote.
 */
export function endsBeforeCloser(candidate: Insertion, point: InsertionPoint): Insertion {
  const { linePrefix, afterCursor, state } = point;
  const { mode, rule } = state.frame;
  const closer = afterCursor.trimStart().charAt(0);
  const opener = openers[closer];
  if (opener === undefined || mode === "code" || mode === "tag") return candidate;
  const quote = mode === "string" ? (rule?.closer ?? "") : "";
  const { text } = candidate;
  const endsString = quote !== "" && text.includes(quote) && areClosersOnly(afterCursor);
  const literal = quote === "" ? linePrefix : linePrefix.slice(linePrefix.lastIndexOf(quote) + 1);
  if (endsString || unmatchedAt(Array.from(literal).reverse(), closer, opener) === -1) return candidate;
  const at = unmatchedAt(text.split(""), opener, closer);
  return at === -1 ? candidate : { ...candidate, text: text.slice(0, at) };
}

/** The index of the first `wanted` that no `partner` before it matches; -1 if there is none. */
function unmatchedAt(units: readonly string[], partner: string, wanted: string): number {
  let open = 0;
  return units.findIndex((unit) => {
    if (unit === partner) open++;
    return unit === wanted && --open < 0;
  });
}
