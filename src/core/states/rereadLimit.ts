import type { TokenizedText } from "../tokens/tokenizedText.js";
import { blockTokens } from "../tokens/tokenPrefix.js";
import { maxRereadTokens } from "./wayToRead.js";

/** Limits how much of a text is read again after each of its edits. */
export class RereadLimit {
  #text: TokenizedText | undefined;
  #edits = 0;
  #tokens = 0;

  add(text: TokenizedText, tokens: number): void {
    if (!this.#isCounted(text)) this.#tokens = 0;
    this.#tokens += tokens;
    this.#text = text;
    this.#edits = text.edits;
  }

  /** Whether another block may be read again. */
  hasRoom(text: TokenizedText): boolean {
    return !this.#isCounted(text) || this.#tokens + blockTokens <= maxRereadTokens;
  }

  #isCounted(text: TokenizedText): boolean {
    return this.#text === text && this.#edits === text.edits;
  }
}
