import { repeatsLineAbove, repeatsLineBelow } from "../filters/repetition.js";
import type { InsertionPoint } from "../structure/insertionPoint.js";
import { opensLevel } from "../structure/lines.js";
import { lineAsWhole, placedLines, type PlacedLine } from "../structure/reindent.js";
import { traced } from "../structure/trace.js";

/** How far text that was asked for by command goes: to the end of its block, or of so many lines. */
export interface GenerationScope {
  readonly kind: "generation";
  readonly point: InsertionPoint;
  readonly maxLines: number;
}

/**
 * Where generated text ends, as far as its whole lines tell; undefined while it may continue. It continues to the end of the
 * block that the cursor is in; a definition ends with its own block, and lines outside of all blocks end at a blank one.
 * It also ends before a line that repeats the one before or the one below.
 */
export function generationStop(text: string, { point, maxLines }: GenerationScope): number | undefined {
  const lines = placedLines(text, point).slice(0, -1); // the last one is not whole yet
  const [first] = lines;
  if (first === undefined) return undefined;
  const block = blockOf(first, point);
  let previous: PlacedLine | undefined;
  let isInsideBlock = false;
  let hasText = false;
  let end = -1;
  for (const [i, line] of lines.entries()) {
    const before = Math.max(0, end);
    end += line.text.length + 1;
    if (i > 0 && line.kind === "statement" && isRepeated(line, previous, point)) return before;
    const isOuter = line.kind === "statement" && line.start.depth <= block.depth;
    if (i === 0) {
      const whole = point.linePrefix + line.text;
      const isAlone = point.afterCursor.trim() === "" && whole.trim() !== "";
      if (isAlone && (repeatsLineAbove(whole, point) || repeatsLineBelow(whole, point, true))) return 0;
    } else if (line.kind === "blank") {
      if (hasText && !isInsideBlock && block.isOutside) return before;
    } else if (isOuter) {
      if (line.isCloser && !opensLevel(line)) return end;
      if (line.placed < block.columns && !line.isCloser) return before;
      if (block.isAlone && isInsideBlock && !continuesBlock(line) && line.placed === block.columns) return before;
    } else if (block.isAlone && line.isCloser && line.end.depth <= block.depth && !opensLevel(line)) return end;
    if (line.kind !== "blank") {
      if (i > 0 && (!isOuter || line.placed > block.columns)) isInsideBlock = true;
      if (i > 0 || line.text.trim() !== "") hasText = true;
      previous = line;
    }
    if (i + 1 === maxLines) return end;
  }
  return undefined;
}

interface TextBlock {
  /** Lines less deep belong to what is around. */
  readonly columns: number;
  /** How many frames around the text are open. */
  readonly depth: number;
  /** The text is one definition, or is outside of all blocks: it ends with the block that its first line opens. */
  readonly isAlone: boolean;
  /** It is in no block at all: only a blank line can end it. */
  readonly isOutside: boolean;
}

function blockOf(first: PlacedLine, point: InsertionPoint): TextBlock {
  const { linePrefix, state } = point;
  const whole = lineAsWhole(first, point);
  const isWholeLine = linePrefix.trim() === "";
  const isOpener = !isWholeLine && first.text.trim() === "" && opensLevel(whole);
  const columns = isWholeLine ? first.placed : state.indent + (isOpener ? 1 : 0);
  const { outerDepth } = traced(first.text, point);
  const isAlone = opensLevel(whole) && !isOpener && (columns === 0 || isDefinition(whole.text));
  return { columns, depth: outerDepth, isAlone, isOutside: columns === 0 && outerDepth === 0 };
}

const modifiers =
  "(?:(?:export|default|public|private|protected|internal|static|async|abstract|final|pub(?:\\([^)]*\\))?|unsafe|inline|virtual|override|const|open|data|sealed)\\s+)*";
const definition = new RegExp(
  `^\\s*${modifiers}(?:def|class|function|fn|func|fun|interface|struct|enum|trait|impl|module|namespace|record|object|sub|describe|it|test)\\b`,
);
const method = /^\s*(?:[\w$<>[\],.*&]+\s+)*[\w$~]+\s*\([^;]*\)[^;=]*[{:]\s*$/;

function isDefinition(line: string): boolean {
  return (
    definition.test(line) ||
    (method.test(line) && !/^\s*(if|for|while|switch|catch|with|else|elif|try|return)\b/.test(line))
  );
}

function isRepeated(line: PlacedLine, previous: PlacedLine | undefined, point: InsertionPoint): boolean {
  if (line.isCloser || line.text.trim() === "") return false;
  const isLikePrevious = line.text.trim() === previous?.text.trim() && line.text.trim().length >= 3;
  return isLikePrevious || repeatsLineBelow(" ".repeat(line.placed) + line.text.trim(), point, false);
}

/** True for a line with which the statement that a block belongs to continues, without a bracket that says so. */
function continuesBlock({ text }: PlacedLine): boolean {
  return /^\s*(else|elif|elsif|except|catch|finally|rescue|ensure|case|default|when)\b/.test(text);
}
