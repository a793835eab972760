import type { PromptFormat, Tokenizer } from "../model.js";
import { DocumentStructure } from "../structure/documentStructure.js";
import { grammarOf } from "../structure/languages.js";
import { Lexer } from "../structure/lexer.js";
import type { LexerState } from "../structure/lexerCursor.js";
import { GrowableArray } from "./growableArray.js";
import { normalizedBytes } from "./normalize.js";
import type { BlockHash } from "./tokenPrefix.js";
import { TokenizedText } from "./tokenizedText.js";

/** Replaces the lines [startLine, endLine) with the lines of `text`. */
export interface LineEdit {
  readonly startLine: number;
  readonly endLine: number;
  /** Raw text of the new lines; ends with a newline unless it reaches the end of the document. */
  readonly text: string;
}

export interface DocumentIdentity {
  readonly uri: string;
  /** The path in the header line (headerPath.ts). */
  readonly headerPath: string;
}

/**
 * A document as the model reads it: a header line, a preamble that is not part of the document (the cells above it in a
 * notebook), and the normalized text, with the byte offset of each line.
 */
export class OpenDocument {
  readonly uri: string;
  readonly headerPath: string;
  readonly tokens: TokenizedText;
  readonly #tokenizer: Tokenizer;
  readonly #headerBytes: number;
  /** Byte offset in `tokens` of each line's first byte. */
  readonly #lineStarts = new GrowableArray((length) => new Uint32Array(length));
  readonly #structure: DocumentStructure;
  /** Byte offset in `tokens` of the document's own text. */
  #textStart: number;
  #firstEditedByte = Infinity;

  constructor(origin: DocumentIdentity, text: string, model: DocumentModel) {
    this.uri = origin.uri;
    this.headerPath = origin.headerPath;
    this.#tokenizer = model.tokenizer;
    const { header } = model.prompt;
    this.#structure = new DocumentStructure(grammarOf(origin.headerPath));
    this.tokens = new TokenizedText(model.tokenizer, model.emptyHash, header === undefined ? [] : [header]);
    const headerText = header === undefined ? "" : `${origin.headerPath}\n`;
    const headerBytes = normalizedBytes(headerText, model.tokenizer.sentinelBytes);
    this.#headerBytes = headerBytes.length;
    this.#textStart = headerBytes.length;
    this.tokens.replace(0, 0, headerBytes);
    this.setText(text);
  }

  get lineCount(): number {
    return this.#lineStarts.length;
  }

  /** Number of tokens in the header: its sentinel and its line. */
  get headerTokens(): number {
    return this.tokens.tokensEndingBy(this.#headerBytes);
  }

  /** Number of tokens up to the end of the preamble; 0 if there is no preamble. */
  get preambleTokens(): number {
    return this.#textStart > this.#headerBytes ? this.tokens.tokensEndingBy(this.#textStart) : 0;
  }

  /** Byte offset in `tokens` of the start of a line; for the line after the last one, the end of the text. */
  lineStart(line: number): number {
    return line < this.lineCount ? this.#lineStarts.at(line) : this.tokens.byteLength;
  }

  /** Byte offset in `tokens` of the end of a line, before its newline. */
  lineEnd(line: number): number {
    return line + 1 < this.lineCount ? this.lineStart(line + 1) - 1 : this.tokens.byteLength;
  }

  /** The normalized lines [from, to). */
  lines(from: number, to: number): string[] {
    const last = Math.min(to, this.lineCount);
    if (from >= last) return [];
    const bytes = this.tokens.bytes.subarray(this.lineStart(from), this.lineEnd(last - 1));
    return new TextDecoder().decode(bytes).split("\n"); // normalized text has no byte order mark
  }

  /** The lexer's state at the start of a line: the open brackets, strings, comments, tags and blocks. */
  structureAt(line: number): LexerState {
    const bytes = this.tokens.bytes.subarray(this.#textStart);
    const offset = this.lineStart(line) - this.#textStart;
    const snapshot = this.#structure.snapshotBefore(bytes, offset);
    const lexer = new Lexer(bytes, snapshot.offset, snapshot.state);
    lexer.advance(offset);
    return lexer.state;
  }

  setText(text: string): void {
    const bytes = normalizedBytes(text, this.#tokenizer.sentinelBytes);
    const start = this.#textStart;
    this.#replace(start, this.tokens.byteLength, bytes);
    this.#lineStarts.splice(0, this.#lineStarts.length, [start, ...lineStartsIn(bytes, start)]);
  }

  /** Replaces the text that is read before the document. It should end with a newline. */
  setPreamble(text: string): void {
    const bytes = normalizedBytes(text, this.#tokenizer.sentinelBytes);
    const oldStart = this.#textStart;
    this.#textStart = this.#headerBytes + bytes.length;
    this.#lineStarts.shiftFrom(0, this.#textStart - oldStart);
    this.#replaceTokens(this.#headerBytes, oldStart, bytes);
  }

  edit({ startLine, endLine, text }: LineEdit): void {
    const from = this.lineStart(startLine);
    const to = this.lineStart(endLine);
    const bytes = normalizedBytes(text, this.#tokenizer.sentinelBytes);
    const atEnd = endLine >= this.lineCount;
    const starts = [from, ...lineStartsIn(bytes, from)];
    // The new text ends with a newline, and #lineStarts already has the line that starts after it.
    if (!atEnd) starts.pop();
    this.#lineStarts.splice(startLine, Math.min(endLine, this.lineCount) - startLine, starts);
    this.#lineStarts.shiftFrom(startLine + starts.length, bytes.length - (to - from));
    this.#replace(from, to, bytes);
  }

  /** The lowest byte offset that has changed since the last call; Infinity if nothing has. */
  takeFirstEditedByte(): number {
    const from = this.#firstEditedByte;
    this.#firstEditedByte = Infinity;
    return from;
  }

  #replace(from: number, to: number, bytes: Uint8Array): void {
    const replaced = this.#replaceTokens(from, to, bytes);
    if (replaced === undefined) return;
    const { start, end, newEnd } = replaced;
    this.#structure.edited(start - this.#textStart, end - this.#textStart, newEnd - this.#textStart);
  }

  /**
   * Replaces bytes [from, to), except for equal bytes at both ends.
   * @returns the range that was replaced, if any: the offsets of its start, its end and its new end.
   */
  #replaceTokens(from: number, to: number, bytes: Uint8Array): Replaced | undefined {
    const old = this.tokens.bytes.subarray(from, to);
    let start = 0;
    while (start < bytes.length && start < old.length && bytes[start] === old[start]) start++;
    let end = 0;
    const maxCommon = Math.min(bytes.length, old.length) - start;
    while (end < maxCommon && bytes[bytes.length - 1 - end] === old[old.length - 1 - end]) end++;
    if (start === bytes.length && bytes.length === old.length) return undefined;
    this.#firstEditedByte = Math.min(this.#firstEditedByte, from + start);
    this.tokens.replace(from + start, to - end, bytes.subarray(start, bytes.length - end));
    return { start: from + start, end: to - end, newEnd: from + bytes.length - end };
  }
}

interface Replaced {
  readonly start: number;
  readonly end: number;
  readonly newEnd: number;
}

/** What a document needs from the model. */
export interface DocumentModel {
  readonly tokenizer: Tokenizer;
  readonly prompt: PromptFormat;
  readonly emptyHash: BlockHash;
}

/** The offset after each LF, which is the start of a line. @param base added to each offset. */
function lineStartsIn(bytes: Uint8Array, base: number): number[] {
  const starts: number[] = [];
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) starts.push(base + at + 1);
  return starts;
}
