import type { OpenDocument } from "../tokens/openDocument.js";
import { blockTokens } from "../tokens/tokenPrefix.js";
import type { TokenId } from "../model.js";

/** About how many tokens before the cursor a window begins. */
export const windowTokens = 512;
/** A window with fewer begins further above. */
const minWindowTokens = windowTokens / 2;

/**
 * Where the exact state of a long prefix is not there yet: the header and the text from some line on. The anchor stays
 * while the cursor moves near it, so that the window's own checkpoints are found again.
 */
export class PrefixWindow {
  /** Tokens of the document before the anchor's line; undefined before the first window. */
  #startToken: number | undefined;

  /**
   * The tokens to read in place of the first `base` tokens.
   * @param header tokens of the document's header, which every window begins with.
   */
  tokens(document: OpenDocument, base: number, header: number): readonly TokenId[] {
    const text = document.tokens;
    const distance = this.#startToken === undefined ? Infinity : base - this.#startToken;
    if (distance < minWindowTokens || distance > windowTokens * 2)
      this.#startToken = windowStartBefore(document, base, header);
    return [...text.tokens(0, header), ...text.tokens(this.#startToken ?? header, base)];
  }
}

/** Ends of the full blocks of a sequence, the last first: where a checkpoint of it may be found. */
export function blockEnds(tokenCount: number): number[] {
  const ends: number[] = [];
  for (let end = Math.floor(tokenCount / blockTokens) * blockTokens; end > 0; end -= blockTokens) ends.push(end);
  return ends;
}

/** How many tokens lie before a window: it begins at a line's start, or within a line that nearly fills it. */
function windowStartBefore(document: OpenDocument, base: number, header: number): number {
  const text = document.tokens;
  const from = Math.max(header, base - windowTokens);
  const lineEnd = text.bytes.indexOf(10, Math.max(0, text.startOf(from) - 1));
  const lineStart = Math.max(header, lineEnd < 0 ? base : text.tokensEndingBy(lineEnd + 1));
  return base - lineStart < minWindowTokens ? from : lineStart;
}
