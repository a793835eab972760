import type { InsertionPoint } from "../structure/insertionPoint.js";
import { beforeLine, type CodeLine, isComment } from "../structure/lines.js";
import { withLinePrefix, reindentedLines, type ReindentedLine } from "../structure/reindent.js";
import type { Filter } from "./filter.js";

/**
 * In languages with `branchOwners` (Python), cuts a text before a branch such as `else:` that follows no matching
 * statement at its depth.
 */
export const strayBranch: Filter = (candidate, point) => {
  if (point.state.frame.grammar.branchOwners.size === 0) return candidate;
  const lines = reindentedLines(candidate.text, point).map((line, i) => (i === 0 ? cursorLine(line, point) : line));
  const known = [...point.above.map((line) => ({ ...line, targetColumns: line.columns })), ...lines];
  const stray = lines.findIndex((line, i) => isStray(line, known.slice(0, point.above.length + i)));
  return stray === -1 ? candidate : { ...candidate, text: beforeLine(candidate.text, stray) };
};

/** The cursor's line, which counts as a statement unless it begins inside a string or brackets. */
function cursorLine(first: ReindentedLine, point: InsertionPoint): ReindentedLine {
  const line = withLinePrefix(first, point);
  return point.lineStart.frame.kind === "root" ? { ...line, kind: "statement" } : line;
}

function isStray(
  { text, kind, targetColumns, start }: CodeLine & { readonly targetColumns: number },
  above: readonly (CodeLine & { readonly targetColumns: number })[],
): boolean {
  const owner = start.grammar.branchOwners.get(/^\s*(\w+)\b[^=]*:/.exec(text)?.[1] ?? "");
  if (owner === undefined || kind !== "statement") return false;
  const sibling = above.findLast(
    (line) => line.kind === "statement" && !line.isCloser && !isComment(line) && line.targetColumns <= targetColumns,
  );
  // If there is no sibling, nothing is known: the lines above may begin within the statement.
  return sibling !== undefined && (sibling.targetColumns < targetColumns || !owner.test(sibling.text));
}
