// Brackets in strings, comments and the text of markup. The lexer does not count them, but readers and templates do.
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import { beforeLine } from "../structure/lines.js";
import { areClosersOnly } from "../structure/trace.js";
import type { Filter } from "./filter.js";

const openers: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/**
 * Cuts a text before a closer that would double the one after the cursor, if its opener is before the cursor in the
 * same string, comment or text: "${{ a║ }}", // (a║). A text that ends the string is not cut, because it replaces the
 * closer together with the quote.
 */
export function endsBeforeCloser(candidate: Insertion, point: InsertionPoint): Insertion {
  const { linePrefix, afterCursor, state } = point;
  const { mode, rule, closer: ofFrame, grammar } = state.frame;
  const closer = afterCursor.trimStart().charAt(0);
  const opener = openers[closer];
  // In a shell's `case` patterns and in sentences, closers have no openers, so the lexer does not count them either.
  const isCounted =
    (mode === "code" && ofFrame !== "esac" && !grammar.sentenceClosers.includes(closer)) || mode === "tag";
  if (opener === undefined || isCounted) return candidate;
  if (mode === "code" && point.surroundings.closedAt.some(({ kind }) => kind === "right")) return candidate;
  const quote = mode === "string" ? (rule?.closer ?? "") : "";
  const { text } = candidate;
  const endsString = quote !== "" && text.includes(quote) && areClosersOnly(afterCursor);
  const literal = quote === "" ? linePrefix : linePrefix.slice(linePrefix.lastIndexOf(quote) + 1);
  const at = endsString ? -1 : unmatchedAt(text.split(""), opener, closer);
  if (at === -1) return candidate;
  // If the text ends with everything that follows the cursor, the opener may also be on a line above.
  const isAfterCursor = text.slice(at).trimEnd() === afterCursor.trim();
  const isOpen = isAfterCursor || unmatchedAt(Array.from(literal).reverse(), closer, opener) !== -1;
  return isOpen ? { ...candidate, text: text.slice(0, at) } : candidate;
}

/** The index of the first `wanted` that no `partner` before it matches; -1 if there is none. */
function unmatchedAt(units: readonly string[], partner: string, wanted: string): number {
  let open = 0;
  return units.findIndex((unit) => {
    if (unit === partner) open++;
    return unit === wanted && --open < 0;
  });
}

/**
 * In the text of an HTML template, cuts the inserted text before a line with a brace that would end a template block
 * (`@if (a) {` to `}`) a second time, because a line below ends it already.
 */
export const strayBrace: Filter = (candidate, point) => {
  const { frame } = point.state;
  if (frame.grammar.markup !== "html" || frame.mode !== "text" || !/^\s*\}/m.test(candidate.text)) return candidate;
  const end = strayBraceIn(point.below, () => true);
  if (end === -1) return candidate;
  const lines = point.linesOf(candidate.text);
  const texts = lines.map(({ text }, i) => (i === 0 ? point.linePrefix + text : text));
  const below = point.below[end]?.trim();
  const isEnd = (line: string): boolean => !opensBrace.test(line) || line.trim() === below;
  const cut = strayBraceIn(texts, (line, i) => lines[i]?.start.mode === "text" && isEnd(line));
  if (cut === -1) return candidate;
  return cut === 0 ? undefined : { ...candidate, text: beforeLine(candidate.text, cut) };
};

/**
 * The index of the first line for which `isStray` returns true and which begins with the closing brace of a block that
 * was opened above these lines; -1 if there is none. Another branch of that block (`} @else {`) leaves it open.
 */
function strayBraceIn(lines: readonly string[], isStray: (line: string, i: number) => boolean): number {
  let open = 0;
  return lines.findIndex((line, i) => {
    const closes = /^\s*\}/.test(line);
    const isOuter = closes && open === 0;
    if (isOuter && isStray(line, i)) return true;
    if (closes && !isOuter) open--;
    if (opensBrace.test(line) && !isOuter) open++;
    return false;
  });
}

const opensBrace = /\{\s*$/;
