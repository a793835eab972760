import { indentUnitOf, type IndentUnit } from "./indentStyle.js";
import type { Frame } from "./frame.js";
import { Lexer } from "./lexer.js";
import type { LexerState } from "./lexerCursor.js";
import { codeLines, columnsOf, isComment, opensLevel, type CodeLine } from "./lines.js";
import { concatenated, Surroundings } from "./surroundings.js";
import { advanceToToken } from "./tornTokens.js";

/** A text for the cursor, and how many UTF-16 units right of the cursor it replaces. */
export interface Insertion {
  readonly text: string;
  readonly replaced: number;
}

/** A cursor, and the document around it as text. */
export interface CursorText {
  /** The cursor's line before and after the cursor. */
  readonly linePrefix: string;
  readonly afterCursor: string;
  /** Lines above and below the cursor's, in the document's order. */
  readonly above: readonly string[];
  readonly below: readonly string[];
  /** What is open where `above` begins. */
  readonly aboveState: LexerState;
  /** False if the document continues below `below`. */
  readonly reachesEnd: boolean;
  /** The editor's own indentation, for documents that say nothing. */
  readonly indentUnit?: string;
}

/** How far right of the cursor a line is looked at. */
const maxAfterCursor = 2000;
/** How many units before the cursor are lexed; of a longer line only the end. */
const maxPrefix = 8000;

/** A position for a text to be inserted at, and all that decides its form there. */
export class InsertionPoint {
  readonly linePrefix: string;
  readonly afterCursor: string;
  readonly above: readonly CodeLine[];
  readonly below: readonly string[];
  /** What is open at the start of the cursor's line, and at the cursor. */
  readonly lineStart: LexerState;
  readonly state: LexerState;
  readonly unit: IndentUnit;
  /** False if neither document nor editor says how deep a level is. */
  readonly isUnitKnown: boolean;
  /** Units of an incomplete token before the cursor: what is inserted may complete it. */
  readonly #pending: number;
  readonly #hanging = new Set<Frame>();
  readonly #reachesEnd: boolean;
  #surroundings: Surroundings | undefined;

  constructor({ linePrefix, afterCursor, above, below, aboveState, reachesEnd, indentUnit }: CursorText) {
    this.linePrefix = nearCursor(linePrefix);
    this.afterCursor = afterCursor.slice(0, maxAfterCursor);
    this.below = below;
    this.#reachesEnd = reachesEnd;
    const head = utf8.encode(above.map((line) => `${line}\n`).join(""));
    const bytes = concatenated(head, utf8.encode(this.linePrefix));
    this.above = above.length === 0 ? [] : codeLines(above.join("\n"), aboveState, this.#hanging);
    const lexer = new Lexer(bytes, 0, aboveState);
    lexer.advance(head.length);
    this.lineStart = lexer.state;
    this.#pending = advanceToToken(lexer, this.linePrefix);
    this.state = lexer.state;
    const belowLines = codeLines(below.join("\n"), this.lineStart);
    const lines = [...this.above, ...belowLines];
    const unit = indentUnitOf(lines, this.#linePrefixUnit()) ?? this.#unitAtCursor() ?? asUnit(indentUnit);
    this.unit = unit ?? "    ";
    this.isUnitKnown = unit !== undefined;
  }

  get surroundings(): Surroundings {
    this.#surroundings ??= new Surroundings({
      before: utf8.encode(this.linePrefix.slice(-64)),
      state: this.state,
      pending: this.#pending,
      columns: Math.max(columnsOf(this.linePrefix), this.#columnsInBlock()),
      after: this.afterCursor,
      below: this.below,
      reachesEnd: this.#reachesEnd,
    });
    return this.#surroundings;
  }

  /** The line above that shows the structure: no blank one, no comment, none within a string. */
  get lastAbove(): CodeLine | undefined {
    return this.above.findLast((line) => line.kind !== "blank" && line.kind !== "text" && !isComment(line));
  }

  /** Lines of a text that continues at the cursor. */
  linesOf(text: string): CodeLine[] {
    const hanging = new Set(this.#hanging);
    if (/[([{]\s*$/.test(this.linePrefix)) hanging.add(this.state.frame);
    const torn = this.linePrefix.slice(this.linePrefix.length - this.#pending);
    const state = { ...this.state, isFirst: this.linePrefix.trim() === "" };
    const [first, ...others] = codeLines(torn + text, state, hanging);
    return first === undefined ? [] : [{ ...first, text: first.text.slice(torn.length) }, ...others];
  }

  /** Columns of the last statement above in the block that the cursor is in; 0 if there is none. */
  #columnsInBlock(): number {
    const { lastAbove, state } = this;
    return lastAbove?.end === state.frame && lastAbove.start === state.frame ? lastAbove.columns : 0;
  }

  /** What the cursor's own statement is indented with: the lines that follow it are as well, in a mixed document too. */
  #linePrefixUnit(): "\t" | " " | undefined {
    const { linePrefix, lineStart } = this;
    if (linePrefix.trim() === "" || lineStart.frame.mode !== "code" || lineStart.frame.closer === ")") return undefined;
    return linePrefix.startsWith("\t") ? "\t" : /^ {2,}[^\s*]/.test(linePrefix) ? " " : undefined;
  }

  /** What the editor has put before the cursor, below a line that opens a block. */
  #unitAtCursor(): IndentUnit | undefined {
    const last = this.lastAbove;
    if (last === undefined || !opensLevel(last) || this.linePrefix.trim() !== "") return undefined;
    if (this.linePrefix.includes("\t")) return "\t";
    const width = columnsOf(this.linePrefix) - last.indent;
    return width > 0 ? (" ".repeat(width) as IndentUnit) : undefined;
  }
}

const utf8 = new TextEncoder();

/** A line's indentation and its end: lines of a megabyte are as quick as others. */
function nearCursor(linePrefix: string): string {
  if (linePrefix.length <= maxPrefix) return linePrefix;
  const blanks = /^[ \t]{0,200}/.exec(linePrefix)?.[0] ?? "";
  return blanks + linePrefix.slice(-maxPrefix);
}

function asUnit(unit: string | undefined): IndentUnit | undefined {
  if (unit === undefined) return undefined;
  return unit.startsWith("\t") ? "\t" : (unit as IndentUnit);
}
