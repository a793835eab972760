import type { OpenDocument } from "../document/openDocument.js";
import { blockTokens } from "../document/tokenChain.js";
import type { TokenId } from "../model.js";

/** About how many tokens before the cursor a window begins. */
export const windowTokens = 512;

/**
 * Where the exact state of a long prefix is not there yet: the header and the text from some line on. The anchor stays
 * while the cursor moves near it, so that the window's own checkpoints are found again.
 */
export class WindowAnchor {
  /** Tokens of the document before the anchor's line; undefined before the first window. */
  #anchor: number | undefined;

  /**
   * The tokens to read in place of the first `base` tokens.
   * @param header tokens of the document's header, which every window begins with.
   */
  tokens(document: OpenDocument, base: number, header: number): readonly TokenId[] {
    const text = document.tokens;
    const distance = this.#anchor === undefined ? Infinity : base - this.#anchor;
    if (distance < windowTokens / 2 || distance > windowTokens * 2) {
      const from = text.startOf(Math.max(header, base - windowTokens));
      this.#anchor = lineStartTokens(document, from, header);
    }
    return [...text.tokens(0, header), ...text.tokens(Math.min(this.#anchor ?? header, base), base)];
  }
}

/** Ends of the full blocks of a sequence, the last first: where a checkpoint of it may be found. */
export function blockEnds(tokenCount: number): number[] {
  const ends: number[] = [];
  for (let end = Math.floor(tokenCount / blockTokens) * blockTokens; end > 0; end -= blockTokens) ends.push(end);
  return ends;
}

/** How many tokens end by the first line start at or behind a byte offset. */
function lineStartTokens(document: OpenDocument, byteOffset: number, header: number): number {
  const { bytes } = document.tokens;
  const lineEnd = bytes.indexOf(10, Math.max(0, byteOffset - 1));
  return Math.max(header, document.tokens.tokensEndingBy(lineEnd < 0 ? byteOffset : lineEnd + 1));
}
