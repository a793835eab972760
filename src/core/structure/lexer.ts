import { closeBracket, closeElement } from "./closing.js";
import { Frame } from "./frame.js";
import type { Grammar } from "./grammar.js";
import { isWordByte, maxLookAhead, regularExpression } from "./quotes.js";
import { tablesOf, byteClass, type Tables } from "./tables.js";

/** Hears what a stretch of text opens and closes. Offsets are those of the bytes that are lexed. */
export interface StructureListener {
  /** @param frame what is open from here on. */
  opened?(frame: Frame, at: number, length: number): void;
  closed?(frame: Frame, at: number, length: number): void;
  /** A closer that closes nothing. */
  stray?(closer: string, at: number): void;
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

/**
 * Follows what is open along a text: brackets, strings, comments, tags, words that open blocks. Not a parser: it needs no
 * correct program, and where text and indentation disagree about a bracket that was never closed, indentation decides.
 * It may stop and continue between any two tokens.
 */
export class Lexer {
  readonly #bytes: Uint8Array;
  readonly #listener: StructureListener;
  frame: Frame;
  indent: number;
  /** The next byte that is lexed. */
  at: number;
  /** The first byte of the line that is not blank; what is there begins a statement. */
  #lineFirst: number;
  /** Columns of that byte. */
  #lineColumns: number;
  #tables: Tables;

  /** @param at where lexing begins: at a line's start, or between two tokens of a line. */
  constructor(bytes: Uint8Array, at: number, state: LexerState, listener: StructureListener = {}) {
    const { frame, indent, columns, isFirst } = state;
    this.#bytes = bytes;
    this.#listener = listener;
    this.frame = frame;
    this.indent = indent;
    this.at = at;
    this.#lineFirst = isFirst ? firstNonBlank(bytes, at) : -1;
    this.#lineColumns = columns;
    this.#tables = tablesOf(frame.grammar);
    if (at === 0) this.#beginLine();
  }

  get state(): LexerState {
    const { frame, indent } = this;
    return { frame, indent, columns: this.#lineColumns, isFirst: this.at <= this.#lineFirst };
  }

  /** Lexes up to `end`; a token that begins before it is lexed whole, so `at` may lie behind it. */
  advance(end: number): void {
    while (this.at < end) {
      switch (this.frame.mode) {
        case "code":
          this.#code(end);
          break;
        case "text":
          this.#text(end);
          break;
        case "tag":
          this.#tag(end);
          break;
        case "string":
          this.#string(end);
          break;
        case "comment":
          this.#comment(end);
          break;
      }
    }
  }

  #open(frame: Frame, length: number): void {
    const at = this.at;
    this.at += length;
    if (frame === this.frame) return; // too deep
    this.frame = frame;
    this.#tables = tablesOf(frame.grammar);
    this.#listener.opened?.(frame, at, length);
  }

  /** Leaves `frame` and all that is open within it. */
  #close(frame: Frame, length: number): void {
    const isFirst = this.at === this.#lineFirst;
    this.#listener.closed?.(frame, this.at, length);
    this.at += length;
    this.frame = frame.parent ?? frame;
    this.#tables = tablesOf(this.frame.grammar);
    if (frame.kind === "string" || frame.kind === "comment") return;
    this.indent = isFirst ? this.#lineColumns : frame.indent;
  }

  #inner(kind: Frame["kind"], closer: string, more: { rule?: Frame["rule"]; grammar?: Frame["grammar"] } = {}): Frame {
    const { rule, grammar = this.frame.grammar } = more;
    return this.frame.inner({ kind, closer, indent: this.indent, grammar, ...(rule && { rule }) });
  }

  /** Measures the indentation of the line that begins at `at`. */
  #beginLine(): void {
    const bytes = this.#bytes;
    let columns = 0;
    let first = this.at;
    const limit = first + maxLookAhead;
    for (; first < limit && (bytes[first] === 0x20 || bytes[first] === 0x09); first++) {
      columns += bytes[first] === 0x20 ? 1 : tabColumns - (columns % tabColumns);
    }
    if (first >= bytes.length || bytes[first] === 0x0a) return;
    this.#lineFirst = first;
    this.#lineColumns = columns;
    const isContinued = this.at >= 2 && bytes[this.at - 2] === 0x5c;
    if (this.frame.mode === "code" || this.frame.mode === "text") {
      if (!isContinued) this.indent = columns;
      this.#endStatements(first);
      this.#correctIndent(bytes[first] ?? 0);
    }
  }

  /** A block whose lines are less deep than the line that opened it belongs to a statement that began further left. */
  #correctIndent(first: number): void {
    const { kind, closer, indent, parent } = this.frame;
    if (closer !== "}" || kind !== "bracket" || this.#lineColumns >= indent || first === 0x7d || parent === undefined)
      return;
    this.frame = parent.inner({ kind, closer, indent: 0, grammar: this.frame.grammar });
  }

  /** A statement's word at a line's start ends the brackets that were left open before it. */
  #endStatements(first: number): void {
    const { statementWords } = this.frame.grammar;
    if (statementWords.size === 0 || !statementWords.has(this.#wordAt(first))) return;
    while (
      this.frame.kind === "bracket" &&
      this.frame.parent?.kind !== "string" &&
      this.#lineColumns <= this.frame.indent
    ) {
      this.frame = this.frame.parent ?? this.frame;
    }
  }

  #newLine(): void {
    this.at++;
    this.#beginLine();
  }

  #code(end: number): void {
    const bytes = this.#bytes;
    const { classes } = this.#tables;
    let at = this.at;
    while (at < end && classes[bytes[at] ?? 0] === byteClass.plain) at++;
    this.at = at;
    if (at >= end) return;
    const byte = bytes[at] ?? 0;
    switch (classes[byte]) {
      case byteClass.lineEnd:
        this.#newLine();
        return;
      case byteClass.escape:
        this.at += bytes[at + 1] === 0x0a ? 1 : 2;
        return;
      case byteClass.word:
        this.#word();
        return;
      default:
        if (this.#comments() || this.#quote(byte) || this.#markup(byte) || this.#embeddedEnd()) return;
        this.#bracket(byte);
    }
  }

  #bracket(byte: number): void {
    const closer = openers[byte];
    if (closer !== undefined) this.#open(this.#inner("bracket", closer), 1);
    else if (byte === 0x29 || byte === 0x5d || byte === 0x7d) this.#closer(String.fromCharCode(byte), 1);
    else if (byte === 0x2f && this.frame.grammar.hasRegularExpressions && !this.#followsValue()) {
      this.at = regularExpression(this.#bytes, this.at) ?? this.at + 1;
    } else this.at++;
  }

  #closer(closer: string, length: number): void {
    const columns = this.at === this.#lineFirst ? this.#lineColumns : undefined;
    const closed = closeBracket(this.frame, closer, columns);
    if (closed === undefined) {
      this.#listener.stray?.(closer, this.at);
      this.at += length;
    } else this.#close(closed, length);
  }

  /** A comment that begins here is skipped or opened. */
  #comments(): boolean {
    const { grammar } = this.frame;
    for (const [open, close] of grammar.blockComments) {
      if (!this.#startsWith(open)) continue;
      this.#open(this.#inner("comment", close), open.length);
      return true;
    }
    if (!grammar.lineComments.some((open) => this.#startsWith(open))) return false;
    // In the hole of a string that is a format: {id:#x}.
    if (this.frame.parent?.kind === "string") return false;
    const before = this.#bytes[this.at - 1] ?? 0x20;
    if (grammar.commentsNeedBlank && !isBlank(before) && before !== 0x3b) return false;
    const end = this.#bytes.indexOf(0x0a, this.at);
    this.at = end < 0 ? this.#bytes.length : end;
    return true;
  }

  #quote(byte: number): boolean {
    const opening = this.frame.grammar.quotes.get(byte)?.(this.#bytes, this.at);
    if (opening === undefined) return false;
    this.#open(this.#inner("string", opening.rule.closer, { rule: opening.rule }), opening.length);
    return true;
  }

  #string(end: number): void {
    const bytes = this.#bytes;
    const { rule } = this.frame;
    const { closer, escape, hole = "", isMultiline } = rule ?? { closer: "", escape: "none", isMultiline: false };
    const first = closer.charCodeAt(0);
    const holeFirst = hole === "" ? -1 : hole.charCodeAt(0);
    for (; this.at < end; this.at++) {
      const byte = bytes[this.at] ?? 0;
      if (byte === 0x0a) {
        if (isMultiline) continue;
        this.frame = this.frame.parent ?? this.frame; // never closed
        return;
      }
      if (byte === holeFirst && this.#startsWith(hole)) {
        if (hole !== "{" || bytes[this.at + 1] !== 0x7b) {
          this.#open(this.#inner("bracket", hole.endsWith("(") ? ")" : "}"), hole.length);
          return;
        }
        this.at++; // {{ is a plain brace
      } else if (byte === 0x5c && escape === "backslash") {
        if (bytes[this.at + 1] !== 0x0a || isMultiline) this.at++;
      } else if (byte === first && this.#startsWith(closer)) {
        if (escape !== "doubled" || bytes[this.at + 1] !== first) {
          this.#close(this.frame, closer.length);
          return;
        }
        this.at++;
      }
    }
  }

  #comment(end: number): void {
    const bytes = this.#bytes;
    const { closer, grammar } = this.frame;
    const opener = grammar.blockComments[0]?.[0] ?? "";
    for (; this.at < end; this.at++) {
      if (bytes[this.at] === closer.charCodeAt(0) && this.#startsWith(closer)) {
        this.#close(this.frame, closer.length);
        return;
      }
      if (grammar.nestedComments && this.#startsWith(opener)) {
        this.#open(this.#inner("comment", closer), opener.length);
        return;
      }
    }
  }

  /** A word that opens or closes a block, in languages that have such words. */
  #word(): void {
    const word = this.#wordAt(this.at);
    const entry = this.frame.grammar.blockWords.get(word);
    const before = this.#bytes[this.at - 1] ?? 0x0a;
    const isPlain = isWordByte(before) || ".:@$-".includes(String.fromCharCode(before));
    const after = this.#bytes[this.at + word.length] ?? 0x0a;
    if (entry === undefined || isPlain || after === 0x3a || after === 0x3f) this.at += word.length;
    else if (entry.does === "close" && this.#isInBlock(entry.closer)) this.#closer(entry.closer, word.length);
    else if (entry.does === "open" && this.#opensBlock(word, entry.atStatement)) {
      this.#open(this.#inner("block", entry.closer), word.length);
    } else this.at += word.length;
  }

  #isInBlock(closer: string): boolean {
    return closer === "end" || this.#beginsStatement();
  }

  #opensBlock(word: string, atStatement: boolean): boolean {
    if (atStatement && !this.#beginsStatement()) return false;
    const lineEnd = this.#bytes.indexOf(0x0a, this.at);
    const rest = String.fromCharCode(
      ...this.#bytes.subarray(this.at, Math.min(lineEnd < 0 ? this.at + 200 : lineEnd, this.at + 200)),
    );
    if (word === "def" && /^def\s+[^\s(=;]+[!?]?\s*(\([^()]*\))?\s*=(?![=~>])/.test(rest)) return false; // def square(x) = x * x
    if (word !== "do" || this.#lineFirst < 0) return true;
    // The `do` of `while x do` belongs to the block that the loop's own word has opened.
    const line = String.fromCharCode(
      ...this.#bytes.subarray(this.#lineFirst, Math.min(this.at, this.#lineFirst + 500)),
    );
    const loop = /^(while|until|for)\b/.exec(line)?.[1];
    return loop === undefined || !this.frame.grammar.blockWords.has(loop);
  }

  /** True if nothing but a word or sign that a statement follows stands before `at` on its line. */
  #beginsStatement(): boolean {
    if (this.at <= this.#lineFirst) return true;
    const line = String.fromCharCode(...this.#bytes.subarray(Math.max(0, this.at - 40), this.at));
    return (
      /(^|[;&|({=!]|\n|\b(then|do|else|begin|return|in))\s*$/.test(line) &&
      !/[^|&]\|\s*$/.test(` ${line}`.replace(/\|\|\s*$/, ""))
    );
  }

  #wordAt(at: number): string {
    let end = at;
    while (end < this.#bytes.length && end - at < 40 && isWordByte(this.#bytes[end] ?? 0)) end++;
    return String.fromCharCode(...this.#bytes.subarray(at, Math.max(end, at + 1)));
  }

  /** In code: a tag of JSX begins here. */
  #markup(byte: number): boolean {
    if (byte !== 0x3c || this.frame.grammar.markup !== "jsx" || this.#followsValue()) return false;
    const next = this.#bytes[this.at + 1] ?? 0;
    if (next !== 0x3e && !isLetter(next)) return false;
    const name = this.#tagName(this.at + 1);
    const after = this.#bytes[this.at + 1 + name.length] ?? 0;
    if (after === 0x2c) return false; // <T,>(x) => …
    this.#openTag(name);
    return true;
  }

  #openTag(name: string): void {
    this.#open(this.#inner("tag", name), 1 + name.length);
  }

  /** Text of a markup language, up to the next tag, comment or hole. */
  #text(end: number): void {
    const bytes = this.#bytes;
    const { grammar } = this.frame;
    const hole = grammar.textHole === "" ? -1 : grammar.textHole.charCodeAt(0);
    let at = this.at;
    while (at < end && bytes[at] !== 0x3c && bytes[at] !== 0x0a && bytes[at] !== hole) at++;
    this.at = at;
    if (at >= end) return;
    if (bytes[at] === 0x0a) this.#newLine();
    else if (bytes[at] === hole) this.#open(this.#inner("bracket", "}"), 1);
    else if (bytes[at + 1] === 0x2f) this.#endTag();
    else if (this.#comments()) return;
    else {
      const name = this.#tagName(at + 1);
      const within = grammar.embedded.get(name.toLowerCase());
      if (name.startsWith("?") && within !== undefined) {
        this.#open(this.#inner("embedded", "?>", { grammar: within() }), 1 + name.length);
      } else if (name !== "" || bytes[at + 1] === 0x3e) this.#openTag(name);
      else this.at++;
    }
  }

  #endTag(): void {
    const name = this.#tagName(this.at + 2);
    const length = 2 + name.length + (this.#bytes[this.at + 2 + name.length] === 0x3e ? 1 : 0);
    const closed = closeElement(this.frame, name);
    if (closed !== undefined) {
      this.#close(closed, length);
      return;
    }
    this.#listener.stray?.(`</${name}>`, this.at);
    this.at += length;
  }

  /** Between `<name` and `>`: attributes, strings, code in braces. */
  #tag(end: number): void {
    const bytes = this.#bytes;
    for (; this.at < end; this.at++) {
      const byte = bytes[this.at];
      if (byte === 0x22 || byte === 0x27) {
        const quote = String.fromCharCode(byte);
        this.#open(this.#inner("string", quote, { rule: attributeRules[quote] }), 1);
        return;
      }
      if (byte === 0x7b && this.frame.grammar.textHole !== "") {
        this.#open(this.#inner("bracket", "}"), 1);
        return;
      }
      if (byte === 0x3e) {
        this.#endOfStartTag();
        return;
      }
      if (byte === 0x3c) {
        this.frame = this.frame.parent ?? this.frame; // the tag was never ended
        return;
      }
      if (byte === 0x0a) {
        this.#newLine();
        return;
      }
    }
  }

  #endOfStartTag(): void {
    const tag = this.frame;
    const parent = tag.parent ?? tag;
    const name = tag.closer;
    const isEnded = this.#bytes[this.at - 1] === 0x2f || tag.grammar.voidElements.has(name.toLowerCase());
    if (isEnded || name.startsWith("?") || name.startsWith("!")) {
      this.#close(tag, 1);
      return;
    }
    const embedded = tag.grammar.embedded.get(name.toLowerCase());
    const kind = embedded === undefined ? "element" : "embedded";
    const element = parent.inner({
      kind,
      closer: `</${name}>`,
      indent: tag.indent,
      grammar: embedded?.() ?? tag.grammar,
    });
    this.#open(element, 1);
  }

  /** In embedded code: what ends it begins here. */
  #embeddedEnd(): boolean {
    for (let frame: Frame | undefined = this.frame; frame !== undefined; frame = frame.parent) {
      if (frame.kind !== "embedded") continue;
      if (!this.#startsWith(frame.closer)) return false;
      this.#close(frame, frame.closer.length);
      return true;
    }
    return false;
  }

  #tagName(at: number): string {
    let end = at;
    while (end - at < 60 && isTagByte(this.#bytes[end] ?? 0)) end++;
    return String.fromCharCode(...this.#bytes.subarray(at, end));
  }

  /** True if a value ends right before `at`: then a slash divides and `<` compares. */
  #followsValue(): boolean {
    let at = this.at - 1;
    while (at >= 0 && (this.#bytes[at] === 0x20 || this.#bytes[at] === 0x09)) at--;
    const byte = this.#bytes[at] ?? 0x0a;
    if (byte === 0x0a) return false;
    if (isWordByte(byte)) {
      let start = at;
      while (start > 0 && at - start < 12 && isWordByte(this.#bytes[start - 1] ?? 0)) start--;
      const word = String.fromCharCode(...this.#bytes.subarray(start, at + 1));
      return !/^(return|typeof|case|in|of|do|else|yield|await|default|and|or|not|if|when|while|unless)$/.test(word);
    }
    return [0x29, 0x5d, 0x7d, 0x22, 0x27, 0x60].includes(byte);
  }

  #startsWith(text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.#bytes[this.at + i] !== text.charCodeAt(i)) return false;
    return true;
  }
}

const openers: Readonly<Record<number, string>> = { 0x28: ")", 0x5b: "]", 0x7b: "}" };
const attributeRules: Readonly<Record<string, NonNullable<Frame["rule"]>>> = {
  '"': { closer: '"', escape: "none", isMultiline: true },
  "'": { closer: "'", escape: "none", isMultiline: true },
};

function firstNonBlank(bytes: Uint8Array, at: number): number {
  let first = at;
  while (bytes[first] === 0x20 || bytes[first] === 0x09) first++;
  return first;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a;
}

function isLetter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f || byte === 0x24;
}

function isTagByte(byte: number): boolean {
  return (
    isWordByte(byte) ||
    byte === 0x2d ||
    byte === 0x2e ||
    byte === 0x3a ||
    byte === 0x21 ||
    byte === 0x3f ||
    byte === 0x3d
  );
}
