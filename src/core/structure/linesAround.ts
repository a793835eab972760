import { indentWidthsOf } from "./indentStyle.js";
import type { Frame } from "./frame.js";
import { Lexer } from "./lexer.js";
import { isSameState, type LexerState } from "./lexerCursor.js";
import { codeLines, opensLevel, readLines, type CodeLine } from "./lines.js";
import { concatenated } from "./surroundings.js";

/** The lines around a cursor's line. They stay the same while the user types on it. */
export interface LinesAround {
  readonly above: readonly CodeLine[];
  /** Frames above whose opener was the last token on its line. */
  readonly hanging: ReadonlySet<Frame>;
  /** @returns a lexer that has read all lines above, and still has to read the cursor's line up to the cursor. */
  readonly lexerFor: (linePrefix: string) => Lexer;
  /**
   * @param lineStart the lexer's state at the start of the cursor's line.
   * @param linePrefix the cursor's line up to the cursor. The lines below may show the width of a level only relative
   * to that line.
   * @returns all lines, above and below, and the widths of their levels.
   */
  readonly around: (
    lineStart: LexerState,
    linePrefix: string,
  ) => { readonly lines: readonly CodeLine[]; readonly widths: readonly number[] };
}

let last: { readonly key: readonly [LexerState, readonly string[], readonly string[]]; readonly value: LinesAround };

/**
 * The lines above and below a cursor's line. The last result is cached, because most requests are on the same line as
 * the previous one.
 */
export function linesAround(aboveState: LexerState, above: readonly string[], below: readonly string[]): LinesAround {
  const isKept =
    (last as typeof last | undefined) !== undefined &&
    isSameState(last.key[0], aboveState) &&
    isEqual(last.key[1], above) &&
    isEqual(last.key[2], below);
  if (!isKept) last = { key: [aboveState, above, below], value: analyzed(aboveState, above, below) };
  return last.value;
}

function analyzed(aboveState: LexerState, above: readonly string[], below: readonly string[]): LinesAround {
  const hanging = new Set<Frame>();
  const head = utf8.encode(above.map((line) => `${line}\n`).join(""));
  // The newline before the cursor's line is read only together with that line, because the line's first token decides
  // which frames stay open.
  const lexer = new Lexer(head, 0, aboveState);
  const lines = above.length === 0 ? [] : readLines(lexer, head.length - 1, hanging);
  const { at, state } = lexer;
  const from = Math.max(0, at - maxContext);
  let known: { readonly key: readonly unknown[]; readonly value: ReturnType<LinesAround["around"]> } | undefined;
  return {
    above: lines,
    hanging,
    lexerFor(linePrefix) {
      const bytes = concatenated(head.subarray(from), utf8.encode(linePrefix));
      const forLine = new Lexer(bytes, at - from, state);
      forLine.advance(head.length - from);
      return forLine;
    },
    around(lineStart, linePrefix) {
      const own = linePrefix.trim() === "" ? [] : codeLines(linePrefix, lineStart).map(asContinuation);
      const key = [lineStart.frame, ...own.flatMap((line) => [line.columns, line.indent, opensLevel(line)])];
      if (known === undefined || !isEqual(known.key, key)) {
        const after = codeLines(below.join("\n"), lineStart);
        const value = { lines: [...lines, ...after], widths: indentWidthsOf([...lines, ...own, ...after]) };
        known = { key, value };
      }
      return known.value;
    },
  };
}

const utf8 = new TextEncoder();
/** Number of bytes before a token that may decide its kind. */
const maxContext = 1000;

/** The line as a continuation, so that its indentation is not counted as a level: the user may still change it. */
function asContinuation(line: CodeLine): CodeLine {
  return line.kind === "statement" ? { ...line, kind: "continuation" } : line;
}

function isEqual(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}
