import type { TokenId, Tokenizer } from "../model.js";
import { GrowableArray, lowerBound } from "./growableArray.js";
import { blockTokens, nextBlockHash, TokenPrefix, type BlockHash } from "./tokenPrefix.js";

/**
 * The bytes of a text and their tokens, kept up to date by edits. The text falls into pieces from its start on, so an edit
 * changes tokens from a bounded distance before it to where the new pieces meet the old ones again.
 */
export class TokenizedText {
  readonly #tokenizer: Tokenizer;
  readonly #bytes = new GrowableArray((length) => new Uint8Array(length));
  readonly #tokens = new GrowableArray((length) => new Uint32Array(length));
  /** Byte offset of each token's first byte. */
  readonly #starts = new GrowableArray((length) => new Uint32Array(length));
  /** Of each token: 1 where a piece begins with it. */
  readonly #startsPretoken = new GrowableArray((length) => new Uint8Array(length));
  /** #hashes[b] stands for the first b full blocks. */
  #hashes: BlockHash[];
  readonly #leadingTokens: number;
  #edits = 0;

  /** @param leading sentinels before the text; they have no bytes and no edit reaches them. */
  constructor(tokenizer: Tokenizer, emptyHash: BlockHash, leading: readonly TokenId[]) {
    this.#tokenizer = tokenizer;
    this.#hashes = [emptyHash];
    this.#tokens.splice(0, 0, leading);
    this.#starts.splice(0, 0, new Uint32Array(leading.length));
    this.#startsPretoken.splice(0, 0, new Uint8Array(leading.length));
    this.#leadingTokens = leading.length;
  }

  /** How often the text was edited: what was found out about it holds while this stays. */
  get edits(): number {
    return this.#edits;
  }

  get tokenCount(): number {
    return this.#tokens.length;
  }

  get byteLength(): number {
    return this.#bytes.length;
  }

  /** A view; the next edit may move it. */
  get bytes(): Uint8Array {
    return this.#bytes.view;
  }

  /** All tokens as they are now: a view that the next edit may move. */
  get tokenView(): Uint32Array {
    return this.#tokens.view;
  }

  /** Copies of tokens[from, to). */
  tokens(from: number, to: number): TokenId[] {
    return Array.from(this.#tokens.view.subarray(from, to)) as TokenId[]; // every entry came from the tokenizer
  }

  /** The byte offset at which a token starts; the length of the text for the offset after the last token. */
  startOf(tokenOffset: number): number {
    return tokenOffset < this.#starts.length ? this.#starts.at(tokenOffset) : this.#bytes.length;
  }

  /** How many tokens end at or before a byte offset. */
  tokensEndingBy(byteOffset: number): number {
    if (byteOffset >= this.#bytes.length) return this.tokenCount;
    // Token i ends where token i + 1 starts: count the starts at or before the offset, less the one that goes on past it.
    return Math.max(lowerBound(this.#starts.view, byteOffset + 1) - 1, this.#leadingTokens);
  }

  /** How many tokens, in whole pieces, stay what they are whatever follows a byte offset. */
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
    if (hash === undefined) throw new RangeError(`block ${blocks} of ${this.#hashes.length - 1}`);
    return hash;
  }

  /** True where the tokens begin with what the chain has read. */
  startsWith(prefix: TokenPrefix): boolean {
    const blocks = Math.floor(prefix.tokenCount / blockTokens);
    const hash = this.#hashes[blocks];
    if (hash?.high !== prefix.hash.high || hash.low !== prefix.hash.low) return false;
    return this.matches(prefix.remainder, blocks * blockTokens);
  }

  /** True where `tokens` stand at `tokenOffset`. */
  matches(tokens: readonly TokenId[], tokenOffset: number): boolean {
    if (tokenOffset + tokens.length > this.tokenCount) return false;
    const own = this.#tokens.view;
    return tokens.every((token, i) => own[tokenOffset + i] === token);
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
    const tokens: number[] = [];
    const starts: number[] = [];
    const startsPretoken: number[] = [];
    let resyncToken = oldStarts.length;
    while (at < bytes.length) {
      if (at >= from + inserted.length) {
        const old = lowerBound(oldStarts, at - delta);
        if (old >= first && oldStarts[old] === at - delta && oldStartsPretoken[old] === 1) {
          resyncToken = old;
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

    const own = this.#tokens.view;
    let unchanged = 0;
    while (unchanged < tokens.length && first + unchanged < resyncToken && own[first + unchanged] === tokens[unchanged])
      unchanged++;
    this.#tokens.splice(first, resyncToken - first, tokens);
    this.#starts.splice(first, resyncToken - first, starts);
    this.#starts.shiftFrom(first + starts.length, delta);
    this.#startsPretoken.splice(first, resyncToken - first, startsPretoken);
    this.#rehash(Math.floor((first + unchanged) / blockTokens));
  }

  /** Chains the block hashes anew from a block on. */
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
