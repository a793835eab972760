import { closeBracket } from "./closing.js";
import { Frame, type FrameKind } from "./frame.js";
import type { Grammar, StringRule } from "./grammar.js";
import { isBlank, maxLookAhead, startsWithAt, wordAt } from "./bytes.js";

/** Is told what a stretch of text opens and closes. Offsets are those of the bytes that are lexed. */
export interface StructureListener {
  /** @param frame what is open from here on. */
  opened?(frame: Frame, at: number, length: number): void;
  closed?(frame: Frame, at: number, length: number): void;
  /** A closer that closes nothing. */
  unmatched?(closer: string, at: number): void;
  /** A semicolon in code. @param frame what it is in. */
  statementEnded?(frame: Frame, at: number): void;
}

/** What lexing continues with. */
export interface LexerState {
  readonly frame: Frame;
  /** Columns by which the statement that the line belongs to is indented. */
  readonly indent: number;
  /** Columns of the line's first byte that is not blank, and whether that is still to come. */
  readonly columns: number;
  readonly isFirst: boolean;
}

/** The state before the first byte of a text. */
export function initialState(grammar: Grammar): LexerState {
  return { frame: new Frame({ kind: "root", closer: "", indent: 0, grammar }), indent: 0, columns: 0, isFirst: true };
}

/** Columns of a tab: depths are compared in columns, whatever they are written with. */
export const tabColumns = 4;

/** A position in a text, and what is open there. */
export class LexerCursor {
  readonly bytes: Uint8Array;
  readonly #listener: StructureListener;
  #frame: Frame;
  #indent: number;
  /** The next byte that is lexed. */
  at: number;
  /** The first byte of the line that is not blank; negative if lexing began after it. */
  #lineFirst: number;
  #lineColumns: number;

  /** @param at the offset to begin at: 0, or that at which another cursor with this state stopped. */
  constructor(bytes: Uint8Array, at: number, state: LexerState, listener: StructureListener = {}) {
    this.bytes = bytes;
    this.#listener = listener;
    this.#frame = state.frame;
    this.#indent = state.indent;
    this.at = at;
    this.#lineFirst = state.isFirst ? firstNonBlank(bytes, at) : -1;
    this.#lineColumns = state.columns;
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
    };
  }

  get lineFirst(): number {
    return this.#lineFirst;
  }

  /** Columns of the token that is here, if it is the first on its line. */
  get columnsIfFirst(): number | undefined {
    return this.at === this.#lineFirst ? this.#lineColumns : undefined;
  }

  startsWith(text: string): boolean {
    return startsWithAt(this.bytes, this.at, text);
  }

  /** A frame within the present one. */
  inner(kind: FrameKind, closer: string, more: { rule?: StringRule; grammar?: Grammar } = {}): Frame {
    return this.#frame.inner({ kind, closer, indent: this.#indent, grammar: this.#frame.grammar, ...more });
  }

  /** Enters a frame whose opener of `length` bytes is here. */
  open(frame: Frame, length: number): void {
    const at = this.at;
    this.at += length;
    if (frame === this.#frame) return; // too deep
    this.#frame = frame;
    this.#listener.opened?.(frame, at, length);
  }

  /** Leaves `frame` and all that is open within it; its closer of `length` bytes is here. */
  close(frame: Frame, length: number): void {
    const isFirst = this.at === this.#lineFirst;
    this.#listener.closed?.(frame, this.at, length);
    this.at += length;
    this.#frame = frame.parent ?? frame;
    if (frame.kind === "string" || frame.kind === "comment") return;
    this.#indent = isFirst ? this.#lineColumns : frame.indent;
  }

  /** A closing bracket or word is here; it closes what it can. */
  closeWith(closer: string): void {
    const closed = closeBracket(this.#frame, closer, this.columnsIfFirst);
    if (closed === undefined && this.#frame.closer === "esac")
      this.at += closer.length; // a pattern of `case`
    else if (closed === undefined) this.unmatched(closer, closer.length);
    else this.close(closed, closer.length);
  }

  unmatched(closer: string, length: number): void {
    this.#listener.unmatched?.(closer, this.at);
    this.at += length;
  }

  /** Passes the semicolon that is here. */
  endStatement(): void {
    this.#listener.statementEnded?.(this.#frame, this.at);
    this.at++;
  }

  /** Leaves a frame that was never closed. */
  abandon(): void {
    this.#frame = this.#frame.parent ?? this.#frame;
  }

  /** Passes the line end that is here. */
  newLine(): void {
    this.at++;
    this.#beginLine();
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
    if (mode !== "code" && mode !== "text") return;
    const isContinued = this.at >= 2 && bytes[this.at - 2] === 0x5c;
    if (!isContinued) this.#indent = columns;
    this.#endStatements(first);
    this.#correctIndent(bytes[first] ?? 0);
  }

  /** A statement's word at a line's start ends the brackets that were left open before it. */
  #endStatements(first: number): void {
    const { statementWords } = this.#frame.grammar;
    if (statementWords.size === 0 || !statementWords.has(wordAt(this.bytes, first))) return;
    const isLeftOpen = ({ kind, parent, indent }: Frame): boolean =>
      kind === "bracket" && parent?.kind !== "string" && this.#lineColumns <= indent;
    while (isLeftOpen(this.#frame)) this.abandon();
  }

  /** A block with a line less deep than the line that opened it belongs to a statement that began further left. */
  #correctIndent(first: number): void {
    const { kind, closer, indent, parent, grammar } = this.#frame;
    if (kind !== "bracket" || closer !== "}" || first === 0x7d || this.#lineColumns >= indent) return;
    this.#frame = parent?.inner({ kind, closer, indent: 0, grammar }) ?? this.#frame;
  }
}

function firstNonBlank(bytes: Uint8Array, at: number): number {
  let first = at;
  while (first < at + maxLookAhead && isBlank(bytes[first] ?? 0)) first++;
  return first;
}
