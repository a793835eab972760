import type { TokenizedText } from "../tokens/tokenizedText.js";
import { blockTokens } from "../tokens/tokenPrefix.js";
import { maxRereadTokens } from "./nextReading.js";

/** Limits how much of each text is read again after each of its edits. */
export class RereadLimit {
  /** For each text, its number of edits when it was last read again, and the tokens read again since the last edit. */
  readonly #last = new WeakMap<TokenizedText, { readonly edits: number; readonly tokens: number }>();

  add(text: TokenizedText, tokens: number): void {
    this.#last.set(text, { edits: text.edits, tokens: this.#tokensSinceEdit(text) + tokens });
  }

  /** Whether another block may be read again. */
  hasRoom(text: TokenizedText): boolean {
    return this.#tokensSinceEdit(text) + blockTokens <= maxRereadTokens;
  }

  #tokensSinceEdit(text: TokenizedText): number {
    const last = this.#last.get(text);
    return last?.edits === text.edits ? last.tokens : 0;
  }
}
