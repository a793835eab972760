import type { InsertionPoint } from "../structure/insertionPoint.js";
import { columnsOf, isCase, isComment, type CodeLine } from "../structure/lines.js";
import { withLinePrefix } from "../structure/reindent.js";
import type { Filter } from "./filter.js";

/**
 * Matches a line that defines a name which is defined only once in its block. The parameters of an overloaded function
 * may continue on the next lines, so a line that ends within them does not match.
 */
const definition =
  /^\s*(?:(?:export|default|async|public|private|protected|internal|static|final|abstract|pub(?:\([^)]*\))?|unsafe|local)\s+)*(?:function|func|fn|def|class|struct|enum|trait|interface|record)\s+(?!_\b)[A-Za-z_$].*[^\s(<,]\s*$/;

/** Matches a case, which occurs only once in its switch. */
const label = /^\s*(?:case\b.*|default\s*):/;

/** Matches what sets a definition apart from an equal one: a decorator, an attribute, a preprocessor condition. */
const condition = /^\s*[@#[]/;

/** Cuts a text before the first line that is declared twice; rejects it if that is the cursor's line. */
export const redeclaration: Filter = (candidate, point) => {
  const [first, ...others] = point.linesOf(candidate.text);
  if (first === undefined) return candidate;
  const own = withLinePrefix(first, point);
  const lines = [{ ...own, columns: columnsOf(own.text) }, ...others];
  const cut = lines.findIndex((line, i) => isDeclaredTwice(line, lines.slice(0, i), point));
  if (cut === -1) return candidate;
  if (cut === 0) return undefined;
  return { ...candidate, text: candidate.text.split("\n").slice(0, cut).join("\n") };
};

/**
 * True if a line defines what its block already defines, or the block itself, or repeats a case of its switch. Only
 * equal lines count, because functions may be overloaded.
 * @param before the lines of the same text before it.
 */
export function isDeclaredTwice(line: CodeLine, before: readonly CodeLine[], point: InsertionPoint): boolean {
  const isLabel = label.test(line.text);
  if ((!isLabel && !definition.test(line.text)) || line.kind === "text") return false;
  const above = [...point.above, ...before].filter((one) => one.kind !== "blank" && !isComment(one));
  if (condition.test(above.at(-1)?.text ?? "")) return false;
  return isAbove(line, above, isLabel) || isBelow(line, point.below, isLabel);
}

function isAbove({ text, columns }: CodeLine, above: readonly CodeLine[], isLabel: boolean): boolean {
  const declared = text.trim();
  for (let i = above.length - 1; i >= 0; i--) {
    const one = above[i];
    if (one?.kind !== "statement" || one.columns > columns) continue;
    if (one.text.trim() === declared) return !condition.test(above[i - 1]?.text ?? "");
    if (one.columns < columns || (isLabel && endsCases(one.text, one.isCloser)) || /^\s*#/.test(one.text)) return false;
  }
  return false;
}

function isBelow({ text, columns }: CodeLine, below: readonly string[], isLabel: boolean): boolean {
  const declared = text.trim();
  for (const [i, one] of below.entries()) {
    const own = columnsOf(one);
    if (one.trim() === "" || own > columns) continue;
    if (own < columns || (isLabel && endsCases(one, false)) || /^\s*#/.test(one)) return false;
    if (one.trim() === declared) return !condition.test(below[i - 1] ?? "");
  }
  return false;
}

/** True for a line as deep as the cases of a switch that belongs to none of them. */
function endsCases(line: string, isCloser: boolean): boolean {
  return !isCase(line) && !isCloser;
}
