import { opensLevel, type CodeLine } from "./lines.js";
import { tabColumns } from "./lexerCursor.js";

/** One level of indentation: a tab or some spaces. */
export type IndentUnit = "\t" | ` ${string}`;

/**
 * The unit that most statements are indented with; undefined if the lines do not show it. Continuation lines and lines
 * within strings and comments do not count, because they may be aligned. Arguments count only if nothing else is
 * indented.
 * @param character the character that indents the cursor's own line, if known. It decides between a tab and spaces.
 * @param widths the result of `indentWidthsOf` for the lines, if the caller has it.
 */
export function indentUnitOf(
  lines: readonly CodeLine[],
  character?: "\t" | " ",
  widths?: readonly number[],
): IndentUnit | undefined {
  if (character === "\t") return "\t";
  const all = lines.filter(({ kind, columns }) => kind === "statement" && columns > 0);
  const inBlocks = all.filter(({ start }) => start.closer !== ")");
  const indented = inBlocks.length > 0 ? inBlocks : all;
  const tabs = indented.filter(({ text }) => text.startsWith("\t")).length;
  if (character === undefined && tabs * 2 > indented.length) return "\t";
  const [width] = widths ?? indentWidthsOf(lines);
  return width === undefined ? undefined : (" ".repeat(width) as IndentUnit);
}

/**
 * Widths in columns by which blocks are indented with spaces, the most frequent one first, without rare ones.
 */
export function indentWidthsOf(lines: readonly CodeLine[]): number[] {
  const counts = new Map<number, number>();
  const ofArguments = new Map<number, number>();
  let above: CodeLine | undefined;
  for (const line of lines) {
    if (line.kind === "blank" || line.kind === "text" || line.text.startsWith("\t")) continue;
    const width = line.columns - (above?.indent ?? line.columns);
    if (width > 1 && line.kind === "statement" && !line.isCloser && above !== undefined && opensLevel(above)) {
      const counted = above.end.closer === ")" ? ofArguments : counts;
      counted.set(width, (counted.get(width) ?? 0) + 1);
    }
    above = line;
  }
  // Arguments on lines of their own are two levels deep in some styles, so they count only if nothing else does.
  const sorted = [...(counts.size > 0 ? counts : ofArguments)].sort(([a, ofA], [b, ofB]) => ofB - ofA || a - b);
  const most = sorted[0]?.[1] ?? 0;
  return sorted.filter(([, count]) => count === most || count * 8 >= most).map(([width]) => width);
}

/** Indentation of `columns` columns. With tabs, spaces fill the remainder that is less than a tab. */
export function indentation(columns: number, unit: IndentUnit): string {
  const width = Math.max(0, columns);
  const tabs = unit === "\t" ? Math.floor(width / tabColumns) : 0;
  return "\t".repeat(tabs) + " ".repeat(width - tabs * tabColumns);
}

export function columnsOfUnit(unit: IndentUnit): number {
  return unit === "\t" ? tabColumns : unit.length;
}

/**
 * The whitespace that `linePrefix` lacks to reach `columns`; empty if the prefix is not the start of that indentation.
 */
export function missingWhitespace(linePrefix: string, columns: number, unit: IndentUnit): string {
  const target = indentation(columns, unit);
  return target.startsWith(linePrefix) ? target.slice(linePrefix.length) : "";
}
