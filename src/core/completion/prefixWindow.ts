import type { OpenDocument } from "../tokens/openDocument.js";
import { offsetAfter, type TokenSplice } from "../tokens/tokenSplice.js";
import type { TokenId } from "../model.js";

/**
 * The window of a long prefix: the header and the last part of the prefix. It is read if there is no state for the
 * whole prefix. The last part keeps its start while the cursor moves near it, even if text above is edited, so that the
 * window's own checkpoints can be reused.
 */
export class PrefixWindow {
  /** Number of document tokens before the window; undefined before the first window. */
  #startToken: number | undefined;

  /** Call when the document's tokens have changed. */
  spliced(splice: TokenSplice): void {
    if (this.#startToken !== undefined) this.#startToken = offsetAfter(this.#startToken, splice);
  }

  /**
   * The tokens to read in place of the first `base` tokens: the header and the window.
   * @param windowTokens the approximate distance from a window's start to the cursor.
   */
  tokens(document: OpenDocument, base: number, windowTokens: number): readonly TokenId[] {
    const { tokens: text, headerTokens: header } = document;
    const distance = this.#startToken === undefined ? Infinity : base - this.#startToken;
    if (distance < windowTokens / 2 || distance > windowTokens * 2)
      this.#startToken = windowStartBefore(document, base, windowTokens);
    return [...text.tokens(0, header), ...text.tokens(this.#startToken ?? header, base)];
  }
}

/**
 * The number of tokens before a new window. The window begins at the start of a line, or within a line if it would
 * otherwise be too short.
 */
function windowStartBefore(document: OpenDocument, base: number, windowTokens: number): number {
  const { tokens: text, headerTokens: header } = document;
  const from = Math.max(header, base - windowTokens);
  const lineEnd = text.bytes.indexOf(10, Math.max(0, text.startOf(from) - 1));
  const lineStart = Math.max(header, lineEnd === -1 ? base : text.tokensEndingBy(lineEnd + 1));
  return base - lineStart < windowTokens / 2 ? from : lineStart;
}
