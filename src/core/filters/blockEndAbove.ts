// A line without words usually proves no repetition if it equals a line below. This file finds the exceptions: lines
// that can occur only once, such as the fence that ends a block.
import type { InsertionPoint } from "../structure/insertionPoint.js";
import type { CodeLine } from "../structure/lines.js";

/**
 * True for a line without words that belongs to the text above the cursor: the end of the comment or docstring that the
 * cursor is in, the fence that ends a block of code or the front matter, or the brace that opens the body after a head.
 */
export function endsBlockAbove(line: string, point: InsertionPoint): boolean {
  const { above, lastAbove, state } = point;
  const { kind, closer } = state.frame;
  if (kind === "comment" && closer !== "\n" && line.includes(closer)) return true;
  if (kind === "string" && closer.length === 3 && line.trim() === closer) return true;
  if (isFence(line)) {
    const fences = above.filter(({ text }) => beginsFence.test(text));
    // The lines above may begin within a block. A fence that names a language begins one, so counting starts with the
    // last such fence.
    const from = Math.max(
      0,
      fences.findLastIndex(({ text }) => /[`~]\s*[\w{]/.test(text)),
    );
    return (fences.length - from) % 2 === 1;
  }
  if (/^---\s*$/.test(line)) return isInFrontMatter(point);
  const { bodiesFollowCommas, lineComments } = state.frame.grammar;
  const mayBeBody = line.trim() === "{" && lineComments.includes("//") && state.frame.mode === "code";
  if (!mayBeBody || lastAbove === undefined) return false;
  const code = lastAbove.text.trimEnd();
  // After a comma, the brace may also begin an object.
  return !/[;{}([:,]$|\*\/$|^\s*#/.test(code) || (bodiesFollowCommas && code.endsWith(","));
}

/** True if the lines above the cursor begin with a `---` line and contain no other one. */
function isInFrontMatter({ above }: InsertionPoint): boolean {
  const isRuler = ({ text }: CodeLine): boolean => /^---\s*$/.test(text);
  return above.findIndex(isRuler) === 0 && above.filter(isRuler).length === 1;
}

/** True for a fence that ends a block of code in Markdown or in a comment. */
function isFence(line: string): boolean {
  return /^\s*(?:\/\/[/!]|\*|#)?\s*(?:`{3,}|~{3,})\s*$/.test(line);
}

/** Matches a fence that begins or ends a block of code. */
const beginsFence = /^\s*(?:\/\/[/!]|\*|#)?\s*(?:`{3,}|~{3,})[^`]*$/;
