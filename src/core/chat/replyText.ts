import { repeatsItself, repeatsUntrained } from "./repetition.js";
import { sectionsOf } from "./replySections.js";
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
  readonly #start: "thinking" | "text";
  readonly #isUntrained: boolean;
  readonly #utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  /** The last three bytes, enough to detect an incomplete character. */
  #lastBytes: readonly number[] = [];
  #text = "";
  #certain = 0;

  /** @param think whether the model was told to think first; only a G1 model does. */
  constructor(tokenizer: Tokenizer, format: ChatFormat, think: boolean) {
    this.#tokenizer = tokenizer;
    this.#stopSequences = stopSequences[format];
    this.#start = format === "g1" && think ? "thinking" : "text";
    this.#isUntrained = format === "none";
  }

  /** The part that belongs to the reply whatever the model writes next. */
  get certain(): string {
    return this.#text.slice(0, this.#certain);
  }

  /** Length of the text in UTF-16 code units; undefined if the last token ends within a character. */
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
    const end = this.#endOfReply();
    if (end !== undefined) {
      this.#certain = lengthWithoutSpace(this.#text, end);
      return "ended";
    }
    if (this.#isLoop()) return "repeats";
    this.#certain = Math.max(
      this.#certain,
      lengthWithoutSpace(this.#text, this.#text.length - this.#partialStopLength()),
    );
    return "continues";
  }

  #isLoop(): boolean {
    if (this.#isUntrained) return repeatsUntrained(this.#text);
    return repeatsItself(this.#text, () => this.#openAt(this.#text.length) === "fence");
  }

  /**
   * The offset at which another speaker's turn starts; undefined if none does. In thinking and in fenced code, a line
   * that looks like the start of a turn is only quoted.
   */
  #endOfReply(): number | undefined {
    for (const stop of this.#stopSequences) {
      let at = this.#text.indexOf(stop, Math.max(0, this.#certain - stop.length));
      while (at !== -1 && this.#openAt(at) !== undefined) at = this.#text.indexOf(stop, at + 1);
      if (at !== -1) return at;
    }
    return undefined;
  }

  #openAt(offset: number): "thinking" | "fence" | undefined {
    return sectionsOf(this.#text.slice(0, offset), this.#start).open;
  }

  /** Length of the longest suffix of the text that is a proper prefix of a stop sequence. */
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
