import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import { beforeLine, type CodeLine, columnsOf, isCase, isComment } from "../structure/lines.js";
import { withLinePrefix } from "../structure/reindent.js";
import type { Filter } from "./filter.js";

/** Matches a line that defines a function or a type. */
const definition =
  /^\s*(?:(?:export|default|async|public|private|protected|internal|static|final|abstract|pub(?:\([^)]*\))?|unsafe|local)\s+)*(?:function|func|fn|def|class|struct|enum|trait|interface|record)\s+[A-Za-z_$]/;

/** Matches a complete case of a switch. A case without its colon or arrow may have a guard on the next line. */
const label = /^\s*(?:case\b.*|default\s*)(?:[:=-]>|:)\s*\{?\s*$/;

/** Cuts a text before it repeats an earlier case of the same switch, or the head of the definition around it. */
export const redeclaration: Filter = (candidate, point) =>
  cutBefore(candidate, point, (line, before) => isDeclaredAbove(line, before, point));

/** Cuts a text before it repeats a later case of the same switch. */
export const caseBelow: Filter = (candidate, point) =>
  cutBefore(candidate, point, (line) => label.test(line.text) && isCaseBelow(line, point.below));

function cutBefore(
  candidate: Insertion,
  point: InsertionPoint,
  isRepeated: (line: CodeLine, before: readonly CodeLine[]) => boolean,
): Insertion | undefined {
  // Most texts declare nothing, and this is much cheaper than lexing them.
  if (!(point.linePrefix + candidate.text).split("\n").some(declares)) return candidate;
  const [first, ...others] = point.linesOf(candidate.text);
  if (first === undefined) return candidate;
  const own = withLinePrefix(first, point);
  const lines = [{ ...own, columns: columnsOf(own.text) }, ...others];
  const cut = lines.findIndex((line, i) => mayBeDeclaredTwice(line) && isRepeated(line, lines.slice(0, i)));
  if (cut === -1) return candidate;
  return cut === 0 ? undefined : { ...candidate, text: beforeLine(candidate.text, cut) };
}

/** True for a line that `isDeclaredTwice` compares with others. */
export function mayBeDeclaredTwice({ text, kind }: CodeLine): boolean {
  return kind !== "text" && declares(text);
}

function declares(line: string): boolean {
  return label.test(line) || definition.test(line);
}

/**
 * True if a line repeats a case of its switch, or the head of the definition that it is directly in. Only equal lines
 * count, because a block may define a name several times: overloads, conditional definitions, cells of a notebook.
 * @param before the lines of the same text above `line`.
 */
export function isDeclaredTwice(line: CodeLine, before: readonly CodeLine[], point: InsertionPoint): boolean {
  return isDeclaredAbove(line, before, point) || (label.test(line.text) && isCaseBelow(line, point.below));
}

function isDeclaredAbove(line: CodeLine, before: readonly CodeLine[], point: InsertionPoint): boolean {
  const above = [...point.above, ...before].filter((one) => one.kind === "statement" && !isComment(one));
  if (label.test(line.text)) return isCaseAbove(line, above);
  return line.text.trim() === above.findLast(({ columns }) => columns < line.columns)?.text.trim();
}

function isCaseAbove({ text, columns, start }: CodeLine, above: readonly CodeLine[]): boolean {
  for (const one of [...above].reverse()) {
    if (one.end.depth < start.depth) return false; // it ends another switch
    if (one.columns > columns) continue;
    if (one.text.trim() === text.trim()) return true;
    if (one.columns < columns || (!isCase(one.text) && !one.isCloser)) return false;
  }
  return false;
}

function isCaseBelow({ text, columns }: CodeLine, below: readonly string[]): boolean {
  for (const one of below) {
    const own = columnsOf(one);
    if (one.trim() === "" || own > columns) continue;
    if (own < columns || !isCase(one)) return false;
    if (one.trim() === text.trim()) return true;
  }
  return false;
}
