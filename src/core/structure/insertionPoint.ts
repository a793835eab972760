import { indentUnitOf, type IndentUnit } from "./indentStyle.js";
import type { Frame } from "./frame.js";
import { linesAround, type LinesAround } from "./linesAround.js";
import type { LexerState } from "./lexerCursor.js";
import { codeLines, columnsOf, isComment, opensLevel, type CodeLine } from "./lines.js";
import { Surroundings } from "./surroundings.js";
import { advanceToToken } from "./incompleteTokens.js";

/** Text to insert at the cursor. */
export interface Insertion {
  readonly text: string;
  /** Number of UTF-16 code units after the cursor that the text replaces. */
  readonly replaced: number;
}

/** A cursor and the document's text around it. */
export interface CursorText {
  /** The cursor's line before and after the cursor. */
  readonly linePrefix: string;
  readonly afterCursor: string;
  /** Lines above and below the cursor's line, in document order. */
  readonly above: readonly string[];
  readonly below: readonly string[];
  /** The lexer's state at the start of `above`. */
  readonly aboveState: LexerState;
  /** False if the document continues below `below`. */
  readonly reachesEnd: boolean;
  /** The editor's indentation setting, for documents without indented lines. */
  readonly indentUnit?: string;
}

interface IndentStyle {
  readonly unit: IndentUnit | undefined;
  readonly widths: readonly number[];
}

/** Number of UTF-16 code units after the cursor that are examined. */
const maxAfterCursor = 2000;
/** Number of UTF-16 code units before the cursor that are enough to recognize the next token. */
const maxContext = 64;
/**
 * Maximum number of UTF-16 code units before the cursor that are lexed. If the line is longer, its beginning is left
 * out, except for the indentation.
 */
const maxPrefix = 8000;

/** A position for an insertion, with everything that decides how the inserted text must be formed. */
export class InsertionPoint {
  readonly linePrefix: string;
  readonly afterCursor: string;
  readonly above: readonly CodeLine[];
  readonly below: readonly string[];
  /** The lexer's states at the start of the cursor's line and at the cursor. */
  readonly lineStart: LexerState;
  readonly state: LexerState;
  /** Length in UTF-16 code units of an incomplete token before the cursor, which an insertion may complete. */
  readonly #pending: number;
  readonly #hanging: ReadonlySet<Frame>;
  readonly #reachesEnd: boolean;
  readonly #indentUnit: string | undefined;
  readonly #neighbors: LinesAround;
  #style: IndentStyle | undefined;
  #surroundings: Surroundings | undefined;

  constructor({ linePrefix, afterCursor, above, below, aboveState, reachesEnd, indentUnit }: CursorText) {
    this.linePrefix = nearCursor(linePrefix);
    this.afterCursor = afterCursor.slice(0, maxAfterCursor);
    this.below = below;
    this.#reachesEnd = reachesEnd;
    this.#indentUnit = indentUnit;
    this.#neighbors = linesAround(aboveState, above, below);
    this.above = this.#neighbors.above;
    this.#hanging = this.#neighbors.hanging;
    const lexer = this.#neighbors.lexerFor(this.linePrefix);
    this.lineStart = lexer.state;
    this.#pending = advanceToToken(lexer, this.linePrefix, this.afterCursor);
    this.state = lexer.state;
  }

  /** One level of indentation. */
  get unit(): IndentUnit {
    return this.#indentStyle().unit ?? "    ";
  }

  /** False if neither the document nor the editor determines the width of a level. */
  get isUnitKnown(): boolean {
    return this.#indentStyle().unit !== undefined;
  }

  /** The widths of an indentation level in the lines around the cursor, without rare ones. */
  get widths(): readonly number[] {
    return this.#indentStyle().widths;
  }

  /** Determined on first use, because text within a line needs no indentation. */
  #indentStyle(): IndentStyle {
    if (this.#style !== undefined) return this.#style;
    const { lines, widths } = this.#neighbors.around(this.lineStart, this.linePrefix);
    const isTabbed = /^\t+$/.test(this.linePrefix); // the user or the editor has chosen tabs
    const ofLines = indentUnitOf(lines, this.#linePrefixUnit(), widths);
    const unit = ofLines ?? this.#unitAtCursor() ?? (isTabbed ? "\t" : asUnit(this.#indentUnit));
    return (this.#style = { unit, widths });
  }

  /** Computes in advance what most texts at this position will need. */
  examine(): Surroundings {
    if (this.linePrefix.trim() === "") this.#indentStyle();
    return this.surroundings;
  }

  get surroundings(): Surroundings {
    this.#surroundings ??= new Surroundings({
      before: utf8.encode(this.linePrefix.slice(-maxContext)),
      state: this.state,
      pending: this.#pending,
      ...(/^\s+(<\/?[\w.:-]*)?$|^<\//.test(this.linePrefix) && { dedentedTo: columnsOf(this.linePrefix) }),
      columns: Math.max(columnsOf(this.linePrefix), this.#columnsInBlock()),
      isBegun: /[^\s{([]\s*$/.test(this.linePrefix),
      depthAround: (/[{([]/.test(this.linePrefix.slice(-1)) ? this.state : this.lineStart).frame.depth,
      after: this.afterCursor,
      below: this.below,
      reachesEnd: this.#reachesEnd,
    });
    return this.#surroundings;
  }

  /** The nearest line above that shows the structure: not blank, not a comment, not inside a string. */
  get lastAbove(): CodeLine | undefined {
    return this.above.findLast((line) => line.kind !== "blank" && line.kind !== "text" && !isComment(line));
  }

  /** The lines of a text, lexed as if it were inserted at the cursor. */
  linesOf(text: string): CodeLine[] {
    const hanging = new Set(this.#hanging);
    if (/[([{]\s*$/.test(this.linePrefix)) hanging.add(this.state.frame);
    const incomplete = this.linePrefix.slice(this.linePrefix.length - this.#pending);
    const before = this.linePrefix.slice(0, this.linePrefix.length - this.#pending);
    const lines = codeLines(incomplete + text, this.state, hanging, before.slice(-maxContext));
    return lines.map((line, i) => (i === 0 ? { ...line, text: line.text.slice(incomplete.length) } : line));
  }

  /** Indentation of the last statement above in the cursor's block, in columns; 0 if there is none. */
  #columnsInBlock(): number {
    const { lastAbove, state } = this;
    return lastAbove?.end === state.frame && lastAbove.start === state.frame ? lastAbove.columns : 0;
  }

  /**
   * The character that indents the cursor's statement. If a document mixes both, the lines after it should use the same
   * one.
   */
  #linePrefixUnit(): "\t" | " " | undefined {
    const { linePrefix, lineStart } = this;
    const { frame } = lineStart;
    const isAligned = frame.closer === ")" && !this.#hanging.has(frame);
    if (linePrefix.trim() === "" || frame.mode !== "code" || isAligned) return undefined;
    return linePrefix.startsWith("\t") ? "\t" : /^ {2,}[^\s*]/.test(linePrefix) ? " " : undefined;
  }

  /** The indentation that the editor inserted on an empty line below a line that opens a block. */
  #unitAtCursor(): IndentUnit | undefined {
    const last = this.lastAbove;
    if (last === undefined || !opensLevel(last) || this.linePrefix.trim() !== "") return undefined;
    if (this.linePrefix.includes("\t")) return "\t";
    const width = columnsOf(this.linePrefix) - last.indent;
    return width > 0 ? (" ".repeat(width) as IndentUnit) : undefined;
  }
}

const utf8 = new TextEncoder();

/** The line's indentation and its end, so that a line of a megabyte takes no longer than others. */
function nearCursor(linePrefix: string): string {
  if (linePrefix.length <= maxPrefix) return linePrefix;
  const indentation = /^[ \t]{0,200}/.exec(linePrefix)?.[0] ?? "";
  return indentation + linePrefix.slice(-maxPrefix);
}

function asUnit(unit: string | undefined): IndentUnit | undefined {
  if (unit === undefined) return undefined;
  return unit.startsWith("\t") ? "\t" : (unit as IndentUnit);
}
