import type { InsertionPoint } from "../structure/insertionPoint.js";
import { beforeLine } from "../structure/lines.js";
import { withLinePrefix } from "../structure/reindent.js";
import type { Filter } from "./filter.js";

/** Matches a directive of a condition; group 1 is its word. */
const directive = /^\s*#\s*(if|ifdef|ifndef|elif|elseif|else|endif)\b/;

/** Cuts a text before an `#endif` or `#else` of a condition around the cursor if the lines below have it already. */
export const strayDirective: Filter = (candidate, point) => {
  if (!point.state.frame.grammar.hasDirectives) return candidate;
  const [first, ...others] = point.linesOf(candidate.text);
  if (first === undefined) return candidate;
  const below = directivesOf(point);
  let depth = 0;
  if (isBalanced(candidate.text)) return candidate;
  const cut = [withLinePrefix(first, point), ...others].findIndex(({ text, kind }) => {
    const word = kind === "text" ? undefined : directive.exec(text)?.[1];
    if (word === undefined) return false;
    if (word.startsWith("if")) depth++;
    else if (depth === 0) return below.has(word);
    else if (word === "endif") depth--;
    return false;
  });
  if (cut === -1) return candidate;
  return cut === 0 ? undefined : { ...candidate, text: beforeLine(candidate.text, cut) };
};

/** True if a text begins as many conditions as it ends: it may end one and begin another. */
function isBalanced(text: string): boolean {
  const words = text.split("\n").flatMap((line) => directive.exec(line)?.[1] ?? []);
  return (
    !words.includes("else") &&
    words.filter((word) => word.startsWith("if")).length === words.filter((word) => word === "endif").length
  );
}

/** The words of the directives below that belong to the innermost condition around the cursor; none if it is open. */
function directivesOf(point: InsertionPoint): ReadonlySet<string> {
  const { below } = point;
  if (endsIn(below) - (hasHiddenGuard(point) ? 1 : 0) < Math.max(1, openIn(point))) return new Set();
  const words = new Set<string>();
  let depth = 0;
  for (const line of below) {
    const word = directive.exec(line)?.[1];
    if (word === undefined) continue;
    if (word.startsWith("if")) depth++;
    else if (depth > 0) depth -= word === "endif" ? 1 : 0;
    else if (word === "else" || word === "endif") words.add(word);
    if (words.has("endif")) break;
  }
  return words;
}

/** The number of conditions that end in lines but begin above them. */
function endsIn(lines: readonly string[]): number {
  let [depth, ends] = [0, 0];
  for (const line of lines) {
    const word = directive.exec(line)?.[1];
    if (word?.startsWith("if") === true) depth++;
    else if (word === "endif" && depth > 0) depth--;
    else if (word === "endif") ends++;
  }
  return ends;
}

/** The number of conditions in the lines above that are open at the cursor. */
function openIn({ above }: InsertionPoint): number {
  let open = 0;
  for (const { text } of above) {
    const word = directive.exec(text)?.[1];
    if (word?.startsWith("if") === true) open++;
    else if (word === "endif") open = Math.max(0, open - 1);
  }
  return open;
}

/** True if the file seems to end with the `#endif` of an include guard that begins above the known lines. */
function hasHiddenGuard({ above, below, surroundings }: InsertionPoint): boolean {
  if (above.length < minLinesIfHidden) return false;
  const last = below.findLast((line) => line.trim() !== "") ?? "";
  if (!surroundings.site.reachesEnd || directive.exec(last)?.[1] !== "endif") return false;
  return !above.some(
    ({ text }, i) => /^\s*#\s*ifndef\b/.test(text) && /^\s*#\s*define\b/.test(above[i + 1]?.text ?? ""),
  );
}

/** With fewer lines above, the known lines begin at the file's first one. */
const minLinesIfHidden = 50;
