import { stopSequences } from "./template.js";
import type { ChatFormat, TokenId, Tokenizer } from "../model.js";

/** How an answer stands after one more token. */
export type ReplyStep = "continues" | "ended" | "repeats";

/**
 * The text of an answer as it is written: what of it is certain, and where it ends. Space at its end, and what may become
 * the beginning of someone else's turn, is held back until more is known.
 */
export class ReplyText {
  readonly #tokenizer: Tokenizer;
  readonly #stopSequences: readonly string[];
  readonly #utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  /** The last bytes, as many as a character may have. */
  #lastBytes: readonly number[] = [];
  #text = "";
  #certain = 0;

  constructor(tokenizer: Tokenizer, format: ChatFormat) {
    this.#tokenizer = tokenizer;
    this.#stopSequences = stopSequences[format];
  }

  /** What may be shown. */
  get certain(): string {
    return this.#text.slice(0, this.#certain);
  }

  /** Units of the text so far, where a token boundary lies between two characters; undefined within one. */
  get boundary(): number | undefined {
    return endsWithinCharacter(this.#lastBytes) ? undefined : this.#text.length;
  }

  /** True where all of the text so far is certain, so that the answer may end behind it. */
  get isCertain(): boolean {
    return this.#certain === this.boundary;
  }

  /** Takes one token up. After "ended" and "repeats" `certain` is the whole answer. */
  push(token: TokenId): ReplyStep {
    const bytes = this.#tokenizer.bytesOf(token);
    this.#lastBytes = [...this.#lastBytes, ...bytes].slice(-3);
    this.#text += this.#utf8.decode(bytes, { stream: true });
    for (const stop of this.#stopSequences) {
      const at = this.#text.indexOf(stop, Math.max(0, this.#certain - stop.length));
      if (at < 0) continue;
      this.#certain = lengthWithoutSpace(this.#text, at);
      return "ended";
    }
    if (repeatsItself(this.#text)) return "repeats";
    this.#certain = Math.max(
      this.#certain,
      lengthWithoutSpace(this.#text, this.#text.length - this.#partialStopLength()),
    );
    return "continues";
  }

  /** Length of the longest end of the text that a stop begins with. */
  #partialStopLength(): number {
    let maxLength = 0;
    for (const stop of this.#stopSequences) {
      for (let length = Math.min(stop.length - 1, this.#text.length); length > maxLength; length--) {
        if (this.#text.endsWith(stop.slice(0, length))) maxLength = length;
      }
    }
    return maxLength;
  }
}

/** True where the last character of UTF-8 lacks bytes. @param bytes at least the last three. */
function endsWithinCharacter(bytes: readonly number[]): boolean {
  for (let length = 1; length <= Math.min(3, bytes.length); length++) {
    const byte = bytes[bytes.length - length] ?? 0;
    if (byte < 0x80) return false;
    if (byte >= 0xc0) return length < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2);
  }
  return false;
}

function lengthWithoutSpace(text: string, end: number): number {
  return text.slice(0, end).trimEnd().length;
}

const minRepeatedUnits = 16;
const maxRepeatedUnits = 240;

/** True where the text ends in four equal stretches: a small model that found a loop does not leave it. */
function repeatsItself(text: string): boolean {
  const maxPeriod = Math.min(maxRepeatedUnits, Math.floor(text.length / 4));
  for (let period = minRepeatedUnits; period <= maxPeriod; period++) {
    if (text.at(-1) !== text.at(-1 - period)) continue;
    const last = text.slice(-period);
    if (new Set(last).size < 3) continue;
    if (text.endsWith(last.repeat(4))) return true;
  }
  return false;
}
