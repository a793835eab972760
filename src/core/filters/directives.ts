import { conditionDirective } from "../structure/conditions.js";
import type { InsertionPoint } from "../structure/insertionPoint.js";
import { beforeLine } from "../structure/lines.js";
import { withLinePrefix } from "../structure/reindent.js";
import type { Filter } from "./filter.js";

/** Cuts a text before an `#endif` or `#else` of a condition around the cursor if the lines below have it already. */
export const strayDirective: Filter = (candidate, point) => {
  if (!point.state.frame.grammar.hasDirectives) return candidate;
  // Most texts have no directives, and this is much cheaper than lexing them.
  if (isBalanced(directivesIn((point.linePrefix + candidate.text).split("\n")))) return candidate;
  const [first, ...others] = point.linesOf(candidate.text);
  if (first === undefined) return candidate;
  const lines = [withLinePrefix(first, point), ...others].map(({ text, kind }) => (kind === "text" ? "" : text));
  const below = wordsBelow(point);
  const cut = directivesIn(lines).find(({ word, depth }) => depth === 0 && below.has(word))?.line;
  if (cut === undefined) return candidate;
  return cut === 0 ? undefined : { ...candidate, text: beforeLine(candidate.text, cut) };
};

/** A preprocessor directive that begins, divides or ends a condition. */
interface Directive {
  readonly word: string;
  /** The index of its line. */
  readonly line: number;
  /** The number of conditions that begin in the lines examined and are open before this directive. */
  readonly depth: number;
}

function directivesIn(lines: readonly string[]): Directive[] {
  let open = 0;
  return lines.flatMap((text, line) => {
    const word = conditionDirective(text)?.word;
    if (word === undefined) return [];
    const depth = open;
    if (word === "if") open++;
    else if (word === "endif") open = Math.max(0, open - 1);
    return { word, line, depth };
  });
}

/**
 * True if a text begins as many conditions as it ends: it may end one and begin another. False if the text has an
 * `#else` of a condition around the cursor but does not end that condition, because the lines below may have its
 * `#else` already.
 */
function isBalanced(directives: readonly Directive[]): boolean {
  const count = (wanted: string): number => directives.filter(({ word }) => word === wanted).length;
  const outer = directives.filter((one) => !isInner(one));
  const hasOwnElse = outer.some(({ word }) => word === "else") && !outer.some(isEnd);
  return !hasOwnElse && count("if") === count("endif");
}

/**
 * The words of the directives below that belong to the innermost condition around the cursor; empty if nothing below
 * ends that condition.
 */
function wordsBelow(point: InsertionPoint): ReadonlySet<string> {
  const above = directivesIn(point.above.map(({ text }) => text));
  const begun = above.filter(({ word }) => word === "if").length - above.filter(isEnd).filter(isInner).length;
  const outer = directivesIn(point.below).filter((one) => !isInner(one));
  const ends = outer.filter(isEnd).length - (hasHiddenGuard(point) ? 1 : 0);
  if (ends < Math.max(1, begun)) return new Set();
  const own = outer.slice(0, outer.findIndex(isEnd) + 1);
  return new Set(own.map(({ word }) => word).filter((word) => word === "else" || word === "endif"));
}

function isEnd({ word }: Directive): boolean {
  return word === "endif";
}

/** True if a condition that begins in the lines examined is open before the directive. */
function isInner({ depth }: Directive): boolean {
  return depth > 0;
}

/** True if the file seems to end with the `#endif` of an include guard that begins above the known lines. */
function hasHiddenGuard({ above, below, surroundings }: InsertionPoint): boolean {
  if (above.length < minLinesIfHidden) return false;
  const last = below.findLast((line) => line.trim() !== "") ?? "";
  if (!surroundings.site.reachesEnd || conditionDirective(last)?.word !== "endif") return false;
  return !above.some(
    ({ text }, i) => /^\s*#\s*ifndef\b/.test(text) && /^\s*#\s*define\b/.test(above[i + 1]?.text ?? ""),
  );
}

/** If fewer lines above the cursor are known, they include the file's first line, so no guard is hidden. */
const minLinesIfHidden = 50;
