import { afterDirective, type Condition } from "./conditions.js";
import { closeBracket } from "./closing.js";
import { Frame, type FrameKind } from "./frame.js";
import { beginsContinued, type Grammar, type StringRule } from "./grammar.js";
import { isBlank, latin1, lineAt, maxLookAhead, startsWithAt, wordAt } from "./bytes.js";

/** Receives what a text opens and closes. Offsets and lengths are in bytes of the lexed text. */
export interface StructureListener {
  opened?(frame: Frame, at: number, length: number): void;
  closed?(frame: Frame, at: number, length: number): void;
  /** Called for a closer without a matching open frame. */
  unmatched?(closer: string, at: number): void;
  /** Called for a semicolon in code. @param frame the frame that contains the semicolon. */
  statementEnded?(frame: Frame, at: number): void;
}

/** Everything needed to resume lexing in the middle of a text. */
export interface LexerState {
  readonly frame: Frame;
  /** Indentation of the statement that the line belongs to, in columns. */
  readonly indent: number;
  /** Indentation of the line, in columns. */
  readonly columns: number;
  /** True while the line's first token has not been consumed. */
  readonly isFirst: boolean;
  /** The heredoc that begins on the next line. */
  readonly heredoc?: StringRule | undefined;
  /** The innermost preprocessor condition that has begun and not ended. */
  readonly condition?: Condition | undefined;
}

export function isSameState(a: LexerState, b: LexerState): boolean {
  return (
    a.frame === b.frame &&
    a.indent === b.indent &&
    a.columns === b.columns &&
    a.isFirst === b.isFirst &&
    a.condition === b.condition &&
    a.heredoc?.closer === b.heredoc?.closer &&
    a.heredoc?.interpolation === b.heredoc?.interpolation
  );
}

/** The state before the first byte of a text. */
export function initialState(grammar: Grammar): LexerState {
  return { frame: new Frame({ kind: "root", closer: "", indent: 0, grammar }), indent: 0, columns: 0, isFirst: true };
}

/** Width of a tab in columns. Indentations are compared in columns, whether they consist of tabs or spaces. */
export const tabColumns = 4;

/** A position in a text, and the innermost frame that is open there. */
export class LexerCursor {
  readonly bytes: Uint8Array;
  readonly #listener: StructureListener;
  #frame: Frame;
  #indent: number;
  /** Offset of the next byte to lex. */
  at: number;
  /** Offset of the line's first byte in `bytes` that is not a space or a tab; negative if it is unknown. */
  #lineFirst: number;
  #lineColumns: number;
  #heredoc: StringRule | undefined;
  #condition: Condition | undefined;
  /** True if the line above ends with a line comment. */
  #isAfterComment = false;

  /** @param at the byte offset to begin at, to which `state` belongs. */
  constructor(bytes: Uint8Array, at: number, state: LexerState, listener: StructureListener = {}) {
    this.bytes = bytes;
    this.#listener = listener;
    this.#frame = state.frame;
    this.#indent = state.indent;
    this.at = at;
    this.#lineFirst = state.isFirst ? firstNonBlank(bytes, at) : firstOfLine(bytes, at);
    this.#lineColumns = state.columns;
    this.#heredoc = state.heredoc;
    this.#condition = state.condition;
    if (at === 0) this.#beginLine();
  }

  get frame(): Frame {
    return this.#frame;
  }

  get state(): LexerState {
    return {
      frame: this.#frame,
      indent: this.#indent,
      columns: this.#lineColumns,
      isFirst: this.at <= this.#lineFirst,
      heredoc: this.#heredoc,
      condition: this.#condition,
    };
  }

  get lineFirst(): number {
    return this.#lineFirst;
  }

  /** The line's indentation if the next token is the first of its line; otherwise undefined. */
  get columnsIfFirst(): number | undefined {
    return this.at === this.#lineFirst ? this.#lineColumns : undefined;
  }

  startsWith(text: string): boolean {
    return startsWithAt(this.bytes, this.at, text);
  }

  /** A frame inside the current one. */
  inner(kind: FrameKind, closer: string, more: { rule?: StringRule; grammar?: Grammar } = {}): Frame {
    return this.#frame.inner({ kind, closer, indent: this.#indent, grammar: this.#frame.grammar, ...more });
  }

  /** Consumes an opener of `length` bytes and enters its frame. */
  open(frame: Frame, length: number): void {
    const at = this.at;
    this.at += length;
    if (frame === this.#frame) return; // the maximum depth is reached
    this.#frame = frame;
    this.#listener.opened?.(frame, at, length);
  }

  /** Consumes a closer of `length` bytes and leaves `frame` with everything that is open inside it. */
  close(frame: Frame, length: number): void {
    const isFirst = this.at === this.#lineFirst;
    this.#listener.closed?.(frame, this.at, length);
    this.at += length;
    this.#frame = frame.parent ?? frame;
    this.#indent = isFirst ? this.#lineColumns : frame.indent;
  }

  /** Consumes a closing bracket or word, and closes the frame that it matches, if any. */
  closeWith(closer: string): void {
    const closed = closeBracket(this.#frame, closer, this.columnsIfFirst);
    const isText = this.#frame.closer === "esac" || this.#frame.grammar.sentenceClosers.includes(closer);
    if (closed === undefined && isText)
      this.at += closer.length; // such as the parenthesis after a pattern of a shell's `case`
    else if (closed === undefined) this.unmatched(closer, closer.length);
    else this.close(closed, closer.length);
  }

  unmatched(closer: string, length: number): void {
    this.#listener.unmatched?.(closer, this.at);
    this.at += length;
  }

  /** Consumes a semicolon. */
  endStatement(): void {
    this.#listener.statementEnded?.(this.#frame, this.at);
    this.at++;
  }

  /** Consumes the `#` of a directive, which may begin or end a branch of a condition. */
  followDirective(): void {
    const { frame, condition } = afterDirective(this.bytes, this.at++, {
      frame: this.#frame,
      condition: this.#condition,
    });
    this.#frame = frame;
    this.#condition = condition;
  }

  /** Leaves the innermost frame without a closer. */
  abandon(): void {
    this.#isAfterComment = this.#frame.closer === "\n";
    this.#frame = this.#frame.parent ?? this.#frame;
  }

  /** Consumes a newline, and enters the heredoc that was announced on the line, if any. */
  newLine(): void {
    if (this.#heredoc !== undefined) {
      const rule = this.#heredoc;
      this.#heredoc = undefined;
      this.open(this.inner("string", rule.closer, { rule }), 1);
      return;
    }
    this.at++;
    this.#beginLine();
  }

  /** Consumes the `<` of a heredoc whose text begins on the next line. */
  announceHeredoc(rule: StringRule): void {
    this.#heredoc = rule;
    this.at++;
  }

  #beginLine(): void {
    const { bytes } = this;
    const limit = this.at + maxLookAhead;
    let columns = 0;
    let first = this.at;
    for (; first < limit && (bytes[first] === 0x20 || bytes[first] === 0x09); first++) {
      columns += bytes[first] === 0x20 ? 1 : tabColumns - (columns % tabColumns);
    }
    if (first >= bytes.length || bytes[first] === 0x0a) return;
    this.#lineFirst = first;
    this.#lineColumns = columns;
    const { mode } = this.#frame;
    if (mode === "string" || mode === "comment") return;
    if (!this.#continuesStatement(first)) this.#indent = columns;
    this.#isAfterComment = false;
    this.#endStatements(first);
    this.#correctIndent(first);
  }

  /**
   * True if the line continues the statement above. The content of a block that the line opens is then indented
   * relative to that statement.
   */
  #continuesStatement(first: number): boolean {
    const { bytes } = this;
    const { grammar, closer } = this.#frame;
    const endsWith = (end: string): boolean =>
      !this.#isAfterComment && startsWithAt(bytes, this.at - 1 - end.length, end);
    const { continuationWords, continuationSigns, unfinishedEnds } = grammar;
    if (endsWith("\\") || (continuationWords.size > 0 && continuationWords.has(wordAt(bytes, first)))) return true;
    if (this.#lineColumns <= this.#indent || closer === ")" || closer === "]") return false;
    if (unfinishedEnds.some(endsWith)) return true;
    return continuationSigns.length > 0 && beginsContinued(latin1(bytes, first, first + 2), grammar);
  }

  /** A statement word at the start of a line abandons the brackets that were left open before it. */
  #endStatements(first: number): void {
    const { statementWords } = this.#frame.grammar;
    if (statementWords.size === 0 || !statementWords.has(wordAt(this.bytes, first))) return;
    const isLeftOpen = ({ kind, parent, indent }: Frame): boolean =>
      kind === "bracket" && parent?.kind !== "string" && this.#lineColumns <= indent;
    while (isLeftOpen(this.#frame)) this.abandon();
  }

  /** If a line in a block is indented less than the block's opener, the block's statement began further left. */
  #correctIndent(first: number): void {
    const { kind, closer, indent, parent, grammar } = this.#frame;
    if (kind !== "bracket" || closer !== "}" || this.#lineColumns >= indent) return;
    const byte = this.bytes[first];
    const isCloser = byte === 0x7d || byte === 0x29 || byte === 0x5d;
    const isDirective = byte === 0x23 && grammar.hasDirectives;
    if (isCloser || isDirective) return;
    const line = lineAt(this.bytes, first, first + maxLabelBytes);
    // Unlike the label of a goto, an access label such as `public:` is indented at least as much as its class.
    if (grammar.outdented.test(line) && !/^(public|protected|private)\b/.test(line)) return;
    this.#frame = parent?.inner({ kind, closer, indent: 0, grammar }) ?? this.#frame;
  }
}

/** Number of bytes at the start of a line that are enough to recognize a label. */
const maxLabelBytes = 80;

/** Like `#lineFirst`, for a line whose first token is before `at`. */
function firstOfLine(bytes: Uint8Array, at: number): number {
  const first = firstNonBlank(bytes, bytes.subarray(0, at).lastIndexOf(0x0a) + 1);
  return first < at ? first : -1;
}

function firstNonBlank(bytes: Uint8Array, at: number): number {
  let first = at;
  while (first < at + maxLookAhead && isBlank(bytes[first] ?? 0)) first++;
  return first;
}
