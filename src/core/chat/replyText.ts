import { stopSequences } from "./template.js";
import type { ChatFormat, TokenId, Tokenizer } from "../model.js";

/** The status of a reply after one more token. */
export type ReplyStep = "continues" | "ended" | "repeats";

/**
 * The text of a reply while it is generated. Whitespace at the end, and text that may become the beginning of another
 * speaker's turn, is not certain until more tokens are known.
 */
export class ReplyText {
  readonly #tokenizer: Tokenizer;
  readonly #stopSequences: readonly string[];
  readonly #utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  /** The last three bytes, enough to detect an incomplete character. */
  #lastBytes: readonly number[] = [];
  #text = "";
  #certain = 0;

  constructor(tokenizer: Tokenizer, format: ChatFormat) {
    this.#tokenizer = tokenizer;
    this.#stopSequences = stopSequences[format];
  }

  /** The part that belongs to the reply, whatever follows. */
  get certain(): string {
    return this.#text.slice(0, this.#certain);
  }

  /** Length of the text in UTF-16 units; undefined if the last token ends within a character. */
  get boundary(): number | undefined {
    return endsWithinCharacter(this.#lastBytes) ? undefined : this.#text.length;
  }

  /** True if the entire text so far is certain, so that the reply may end here. */
  get isCertain(): boolean {
    return this.#certain === this.boundary;
  }

  /** Appends a token. After "ended" and "repeats", `certain` is the complete reply. */
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

  /** Length of the longest suffix of the text that is a prefix of a stop sequence. */
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

/** True if the last UTF-8 character is incomplete. @param bytes at least the last three, or all there are. */
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

/** True if the text ends with four equal substrings: a small model does not get out of such a loop. */
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
