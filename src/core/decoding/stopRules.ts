import type { InsertionPoint } from "../structure/insertionPoint.js";
import { opensLevel, type CodeLine } from "../structure/lines.js";
import { placedLines } from "../structure/reindent.js";
import { generationStop, type GenerationScope } from "./generationStop.js";

/** How much text one completion may have. */
export type StopScope =
  | GenerationScope
  /** The rest of the line; on a blank line, the first line that is not. */
  | { readonly kind: "line"; readonly isBlank: boolean }
  /** Lines at least as deep as `columns`, up to a blank line or `maxLines`. */
  | {
      readonly kind: "block";
      readonly point: InsertionPoint;
      readonly columns: number | undefined;
      readonly maxLines: number;
    };

const maxBlockLines = 8;

/** One line, unless the cursor is on an empty line below one that opens a block, or right after an opener. */
export function stopScopeAt(point: InsertionPoint): StopScope {
  const { linePrefix, state } = point;
  if (linePrefix.trim() !== "") {
    const isOpener = opensLevel({ ...asLine(point), end: state.frame });
    if (!isOpener) return { kind: "line", isBlank: false };
    return { kind: "block", point, columns: state.indent + 1, maxLines: maxBlockLines + 1 };
  }
  const opener = openerAbove(point.above);
  if (opener === undefined) return { kind: "line", isBlank: true };
  return { kind: "block", point, columns: undefined, maxLines: maxBlockLines };
}

/** The line right above, if it opens a block; a docstring between counts as nothing. */
function openerAbove(above: readonly CodeLine[]): CodeLine | undefined {
  const isDocstring = ({ kind, text }: CodeLine): boolean => kind === "text" || /^\s*[rRbBuU]?("""|''')/.test(text);
  const line = above.at(-1);
  if (line === undefined || line.kind === "blank") return undefined;
  const isDocumented = line.start.grammar.blocksByIndentation && /("""|''')\s*$/.test(line.text);
  const opener = isDocumented ? above.findLast((one) => one.kind !== "blank" && !isDocstring(one)) : line;
  return opener !== undefined && opensLevel(opener) ? opener : undefined;
}

function asLine({ linePrefix, lineStart, state }: InsertionPoint): CodeLine {
  const { frame, indent } = state;
  return {
    text: linePrefix,
    columns: indent,
    indent,
    start: lineStart.frame,
    end: frame,
    kind: "statement",
    isCloser: false,
  };
}

/** Where the generated text should end, once that can be told; undefined while it may go on. */
export function stopPosition(text: string, scope: StopScope): number | undefined {
  switch (scope.kind) {
    case "line":
      return endOfLine(text, scope.isBlank);
    case "block":
      return endOfBlock(text, scope);
    case "generation":
      return generationStop(text, scope);
  }
}

function endOfLine(text: string, isBlank: boolean): number | undefined {
  const leading = isBlank ? text.length - text.trimStart().length : 0;
  const end = text.indexOf("\n", leading);
  return end < 0 ? undefined : end;
}

function endOfBlock(
  text: string,
  { point, columns, maxLines }: Extract<StopScope, { kind: "block" }>,
): number | undefined {
  if (!text.includes("\n")) return undefined;
  // After an opener only a text that begins on the next line is a block.
  if (columns !== undefined && text.slice(0, text.indexOf("\n")).trim() !== "") return endOfLine(text, false);
  const lines = placedLines(text, point);
  const least = columns ?? lines.find(({ kind }) => kind !== "blank")?.placed ?? 0;
  let end = -1;
  let isBegun = false;
  for (const [i, line] of lines.entries()) {
    const isLast = i === lines.length - 1;
    const isStatement = line.kind === "statement";
    if (i > 0 && isBegun && line.kind === "blank" && !isLast) return end;
    if (i > 0 && isStatement && isBegun && line.placed < least) return end;
    if (i > 0 && isStatement && !isBegun && columns !== undefined && line.placed < columns) return 0;
    if (line.kind !== "blank") isBegun = true;
    end += line.text.length + 1;
    if (!isLast && i + 1 === maxLines) return end;
  }
  return undefined;
}

/**
 * Where text that repeats itself should end: behind the first of three equal stretches at its end.
 * Stretches of one character, or of two that are signs, do not count: a rule of dashes, an indentation.
 */
export function repetitionStop(text: string): number | undefined {
  const end = text.length;
  for (let period = Math.max(4, minVariedUnits(text)); period * 3 <= end; period++) {
    // Nearly all periods end here, at the price of one comparison.
    if (text.charCodeAt(end - 1) !== text.charCodeAt(end - 1 - period)) continue;
    const last = text.slice(-period);
    if (text.startsWith(last, end - 2 * period) && text.startsWith(last, end - 3 * period)) return end - 2 * period;
  }
  return undefined;
}

/** How long the shortest end of a text is that counts as a stretch. */
function minVariedUnits(text: string): number {
  const seen = new Set<string>();
  for (let at = text.length - 1; at >= 0; at--) {
    if (isLowSurrogate(text.charCodeAt(at))) continue; // counts with the unit before it
    seen.add(String.fromCodePoint(text.codePointAt(at) ?? 0));
    if (seen.size >= 3 || (seen.size === 2 && /[\p{L}\p{N}]/u.test([...seen].join("")))) return text.length - at;
  }
  return Infinity;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
