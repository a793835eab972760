import type { TokenId, Tokenizer } from "../model.js";
import { GrowableArray, lowerBound } from "./growableArray.js";
import { blockTokens, nextBlockHash, TokenPrefix, type BlockHash } from "./tokenPrefix.js";
import { trimmedSplice, type TokenSplice } from "./tokenSplice.js";

/**
 * The bytes of a text and their tokens. After an edit, the text is tokenized again from a bounded distance before it up
 * to the first boundary after it that the old and the new pretokens share. All other tokens are reused.
 */
export class TokenizedText {
  readonly #tokenizer: Tokenizer;
  readonly #bytes = growableBytes();
  readonly #tokens = growableIntegers();
  /** Byte offset of each token's first byte. */
  readonly #starts = growableIntegers();
  /** For each token: 1 if it is the first of a pretoken. */
  readonly #startsPretoken = growableBytes();
  /** #hashes[b] is the hash over the first b full blocks. */
  #hashes: BlockHash[];
  readonly #leadingTokens: number;
  readonly #beforeSplice: ((splice: TokenSplice) => void)[] = [];
  readonly #spliceListeners: ((splice: TokenSplice) => void)[] = [];
  #edits = 0;

  /** @param leading sentinels before the text. They have no bytes, and edits do not affect them. */
  constructor(tokenizer: Tokenizer, emptyHash: BlockHash, leading: readonly TokenId[]) {
    this.#tokenizer = tokenizer;
    this.#hashes = [emptyHash];
    this.#tokens.splice(0, 0, leading);
    this.#starts.splice(0, 0, new Uint32Array(leading.length));
    this.#startsPretoken.splice(0, 0, new Uint8Array(leading.length));
    this.#leadingTokens = leading.length;
  }

  /** The number of edits so far. Anything derived from the text is valid while this does not change. */
  get edits(): number {
    return this.#edits;
  }

  /** Calls `listener` before each edit that will change tokens, while the text still has its old tokens and hashes. */
  beforeSplice(listener: (splice: TokenSplice) => void): void {
    this.#beforeSplice.push(listener);
  }

  /** Calls `listener` after each edit that changed tokens, so that the listener can move its token offsets. */
  onSplice(listener: (splice: TokenSplice) => void): void {
    this.#spliceListeners.push(listener);
  }

  get tokenCount(): number {
    return this.#tokens.length;
  }

  get byteLength(): number {
    return this.#bytes.length;
  }

  /** A view; invalid after the next edit. */
  get bytes(): Uint8Array {
    return this.#bytes.view;
  }

  /** A view of all tokens; invalid after the next edit. */
  get tokenView(): Uint32Array {
    return this.#tokens.view;
  }

  /** A copy of tokens[from, to). */
  tokens(from: number, to: number): TokenId[] {
    return Array.from(this.#tokens.view.subarray(from, to)) as TokenId[]; // every entry came from the tokenizer
  }

  /** The byte offset of a token; the length of the text for the index after the last token. */
  startOf(tokenOffset: number): number {
    return tokenOffset < this.#starts.length ? this.#starts.at(tokenOffset) : this.#bytes.length;
  }

  /** The number of tokens that end at or before a byte offset. */
  tokensEndingBy(byteOffset: number): number {
    if (byteOffset >= this.#bytes.length) return this.tokenCount;
    // Token i ends where token i + 1 starts, so this is the number of starts at or before the offset, minus the token
    // that extends past it.
    return Math.max(lowerBound(this.#starts.view, byteOffset + 1) - 1, this.#leadingTokens);
  }

  /** The number of tokens in the complete pretokens that do not depend on any byte after a byte offset. */
  stableTokensBefore(byteOffset: number): number {
    const startsPretoken = this.#startsPretoken.view;
    let token = lowerBound(this.#starts.view, byteOffset - this.#tokenizer.lookAheadBytes + 1) - 1;
    while (token > this.#leadingTokens && startsPretoken[token] === 0) token--;
    token = Math.max(token, this.#leadingTokens);
    for (;;) {
      const start = this.startOf(token);
      if (start >= byteOffset || this.#tokenizer.isPretokenOpen(this.bytes, start, byteOffset)) return token;
      token += this.#tokenizer.pretokenAt(this.bytes, start, byteOffset).length;
    }
  }

  /** The identity of the first `tokenCount` tokens. */
  prefixAt(tokenCount: number): TokenPrefix {
    const blocks = Math.floor(tokenCount / blockTokens);
    return new TokenPrefix(this.hashAt(blocks), blocks, this.tokens(blocks * blockTokens, tokenCount));
  }

  /** The hash over the first `blocks` full blocks. */
  hashAt(blocks: number): BlockHash {
    const hash = this.#hashes[blocks];
    if (hash === undefined)
      throw new RangeError(`${blocks} full blocks requested, the text has ${this.#hashes.length - 1}`);
    return hash;
  }

  /** True if the text begins with the tokens of `prefix`. */
  startsWith(prefix: TokenPrefix): boolean {
    const blocks = Math.floor(prefix.tokenCount / blockTokens);
    const hash = this.#hashes[blocks];
    if (hash?.high !== prefix.hash.high || hash.low !== prefix.hash.low) return false;
    return this.matches(prefix.remainder, blocks * blockTokens);
  }

  /** True if the text has `tokens` at index `tokenOffset`. */
  matches(tokens: readonly TokenId[], tokenOffset: number): boolean {
    if (tokenOffset + tokens.length > this.tokenCount) return false;
    const view = this.#tokens.view;
    return tokens.every((token, i) => view[tokenOffset + i] === token);
  }

  /** Replaces bytes[from, to). */
  replace(from: number, to: number, inserted: Uint8Array): void {
    this.#edits++;
    const first = this.stableTokensBefore(from);
    let at = this.startOf(first);
    const delta = inserted.length - (to - from);
    this.#bytes.splice(from, to - from, inserted);

    const bytes = this.#bytes.view;
    const oldStarts = this.#starts.view;
    const oldStartsPretoken = this.#startsPretoken.view;
    const [tokens, starts, startsPretoken] = [growableIntegers(), growableIntegers(), growableBytes()];
    let resyncToken = oldStarts.length;
    while (at < bytes.length) {
      if (at >= from + inserted.length) {
        const candidate = lowerBound(oldStarts, at - delta);
        if (candidate >= first && oldStarts[candidate] === at - delta && oldStartsPretoken[candidate] === 1) {
          resyncToken = candidate;
          break;
        }
      }
      let startsPretokenHere = 1;
      for (const { token, byteLength } of this.#tokenizer.pretokenAt(bytes, at, bytes.length)) {
        tokens.push(token);
        starts.push(at);
        startsPretoken.push(startsPretokenHere);
        startsPretokenHere = 0;
        at += byteLength;
      }
    }

    const removed = this.#tokens.view.slice(first, resyncToken);
    const splice = trimmedSplice(first, removed, tokens.view);
    const isChange = splice.removed.length + splice.inserted.length > 0;
    if (isChange) for (const listener of this.#beforeSplice) listener(splice);
    this.#tokens.splice(first, resyncToken - first, tokens.view);
    this.#starts.splice(first, resyncToken - first, starts.view);
    this.#starts.shiftFrom(first + starts.length, delta);
    this.#startsPretoken.splice(first, resyncToken - first, startsPretoken.view);
    if (!isChange) return;
    this.#rehash(Math.floor(splice.at / blockTokens));
    for (const listener of this.#spliceListeners) listener(splice);
  }

  /** Recomputes the block hashes from block `fromBlock` on. */
  #rehash(fromBlock: number): void {
    const blocks = Math.floor(this.tokenCount / blockTokens);
    const tokens = this.#tokens.view;
    this.#hashes.length = Math.min(this.#hashes.length, fromBlock + 1);
    let hash = this.hashAt(this.#hashes.length - 1);
    for (let block = this.#hashes.length - 1; block < blocks; block++) {
      hash = nextBlockHash(hash, tokens, block * blockTokens);
      this.#hashes.push(hash);
    }
  }
}

function growableBytes(): GrowableArray<Uint8Array> {
  return new GrowableArray((length) => new Uint8Array(length));
}

function growableIntegers(): GrowableArray<Uint32Array> {
  return new GrowableArray((length) => new Uint32Array(length));
}
