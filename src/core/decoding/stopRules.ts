import type { InsertionPoint } from "../structure/insertionPoint.js";
import { mayBeginCase, opensLevel, type CodeLine } from "../structure/lines.js";
import { reindentedLines, withLinePrefix } from "../structure/reindent.js";
import { isBeforeLine } from "../structure/trace.js";
import { generationStop, type GenerationScope } from "./generationStop.js";

/** The stop scope of a text: how far it may extend. */
export type StopScope =
  | GenerationScope
  /**
   * Up to the end of the line. `isBlank`: the line is blank so far, so blank lines at the start of the text are
   * skipped.
   */
  | { readonly kind: "line"; readonly isBlank: boolean }
  /**
   * A whole line that is inserted before the text after the cursor. Its newline is included, so that the caller can
   * tell it from text within a line.
   */
  | { readonly kind: "lineBefore" }
  /**
   * Lines that are indented by at least `columns`, up to a blank line or `maxLines`. Without `columns`, they are
   * indented at least as much as the first of them.
   */
  | {
      readonly kind: "block";
      readonly point: InsertionPoint;
      readonly columns: number | undefined;
      readonly maxLines: number;
    };

const maxBlockLines = 8;

/** The scope is a line, or a block if the cursor is on a blank line below a block's opener or right after an opener. */
export function stopScopeAt(point: InsertionPoint): StopScope {
  const { linePrefix, state } = point;
  if (linePrefix.trim() !== "") {
    const [first] = point.linesOf("\n"); // a word before the cursor, such as `do`, is complete if the line ends here
    if (first === undefined || !opensLevel({ ...withLinePrefix(first, point), kind: "statement" }))
      return { kind: "line", isBlank: false };
    return { kind: "block", point, columns: state.indent + 1, maxLines: maxBlockLines + 1 };
  }
  if (isBeforeLine(point)) return { kind: "lineBefore" };
  const opener = openerAbove(point.above);
  if (opener === undefined) return { kind: "line", isBlank: true };
  return { kind: "block", point, columns: undefined, maxLines: maxBlockLines };
}

/** The line right above the cursor's if it opens a block. A docstring below the opener is skipped. */
function openerAbove(above: readonly CodeLine[]): CodeLine | undefined {
  const isDocstring = ({ kind, text }: CodeLine): boolean => kind === "text" || /^\s*[rRbBuU]?("""|''')/.test(text);
  const line = above.at(-1);
  if (line === undefined || line.kind === "blank") return undefined;
  const isDocumented = line.start.grammar.blocksByIndentation && /("""|''')\s*$/.test(line.text);
  const opener = isDocumented
    ? above.findLast((candidate) => candidate.kind !== "blank" && !isDocstring(candidate))
    : line;
  return opener !== undefined && opensLevel(opener) ? opener : undefined;
}

/** The length in UTF-16 code units at which a decoded text stops; undefined while it may continue. */
export function stopPosition(text: string, scope: StopScope): number | undefined {
  switch (scope.kind) {
    case "line":
      return endOfLine(text, scope.isBlank);
    case "lineBefore": {
      const end = endOfLine(text, true);
      return end && end + 1;
    }
    case "block":
      return endOfBlock(text, scope);
    case "generation":
      return generationStop(text, scope);
  }
}

function endOfLine(text: string, isBlank: boolean): number | undefined {
  const leading = isBlank ? text.length - text.trimStart().length : 0;
  const end = text.indexOf("\n", leading);
  return end === -1 ? undefined : end;
}

function endOfBlock(
  text: string,
  { point, columns, maxLines }: Extract<StopScope, { kind: "block" }>,
): number | undefined {
  const lineEnd = text.indexOf("\n");
  if (lineEnd === -1) return undefined;
  // After an opener, text on the same line is not a block.
  if (columns !== undefined && text.slice(0, lineEnd).trim() !== "") return lineEnd;
  const lines = reindentedLines(text, point);
  const first = lines.find(({ kind }) => kind !== "blank");
  // A case may be indented as much as its switch.
  const isFlat = first !== undefined && columns === first.targetColumns + 1 && mayBeginCase(first.text);
  const minColumns = isFlat ? first.targetColumns : (columns ?? first?.targetColumns ?? 0);
  let end = -1;
  let isBegun = false;
  for (const [i, line] of lines.entries()) {
    const isLast = i === lines.length - 1;
    if (isBegun && line.kind === "blank" && !isLast) return end;
    if (line.kind === "statement" && line.targetColumns < minColumns) return isBegun ? end : 0;
    if (line.kind !== "blank") isBegun = true;
    end += line.text.length + 1;
    if (!isLast && i + 1 === maxLines) return end;
  }
  return undefined;
}
