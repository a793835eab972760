import type { TokenId } from "../model.js";

/** Tokens per block. The identity of a prefix is hashed block by block. */
export const blockTokens = 64;

/** The last character of a rounded prefix's key and digest. */
const roundedMark = "~";

/** A 64-bit hash over the model's id and all full blocks so far, as two unsigned 32-bit numbers. */
export interface BlockHash {
  readonly high: number;
  readonly low: number;
}

/** The hash before the first token. It depends on the model, so models do not share checkpoints. */
export function emptyBlockHash(modelId: string): BlockHash {
  let high = 0x9e3779b9;
  let low = 0x85ebca6b;
  for (let i = 0; i < modelId.length; i++) {
    high = mix(high, modelId.charCodeAt(i));
    low = mix(low, high ^ modelId.charCodeAt(i));
  }
  return { high, low };
}

/** The hash after one more full block, `tokens[start, start + 64)`. */
export function nextBlockHash(previous: BlockHash, tokens: ArrayLike<number>, start: number): BlockHash {
  return mixed(previous, tokens, start, start + blockTokens);
}

/**
 * The hash after `tokens[start, end)`. Does not allocate per token, because opening a document hashes all its tokens.
 */
function mixed(previous: BlockHash, tokens: ArrayLike<number>, start: number, end: number): BlockHash {
  let { high, low } = previous;
  for (let i = start; i < end; i++) {
    const token = tokens[i] ?? 0;
    high = mix(high, token);
    low = mix(low, Math.imul(token, 0x01000193) ^ high);
  }
  return { high, low };
}

/** 53 of the 64 bits as a number, for use as a Map key. After a lookup, the full hash must be compared. */
export function numericHash(hash: BlockHash): number {
  return hash.high * 0x200000 + (hash.low >>> 11);
}

/**
 * The identity of the tokens that were read: the hash over the full blocks and the literal tokens after the last full
 * block (ARCHITECTURE.md, invariant 5).
 */
export class TokenPrefix {
  /**
   * True if the state was packed at some time, so it is not exactly the state of these tokens. A rounded prefix never
   * equals one that is not rounded, even if their tokens are the same.
   */
  readonly isRounded: boolean;
  #hash: BlockHash;
  #blocks: number;
  #remainder: TokenId[];

  constructor(hash: BlockHash, blocks: number, remainder: readonly TokenId[], isRounded = false) {
    this.isRounded = isRounded;
    this.#hash = hash;
    this.#blocks = blocks;
    this.#remainder = [];
    this.push(remainder);
  }

  get hash(): BlockHash {
    return this.#hash;
  }

  /** Number of tokens read so far. */
  get tokenCount(): number {
    return this.#blocks * blockTokens + this.#remainder.length;
  }

  get remainder(): readonly TokenId[] {
    return this.#remainder;
  }

  /** Identifies the sequence of tokens, and whether it is rounded. */
  get key(): string {
    return `${this.#hash.high.toString(36)}.${this.#hash.low.toString(36)}.${this.#blocks}:${this.#remainder.join(",")}${this.#mark}`;
  }

  /** Like `key`, but contains no tokens, so file names made from it do not reveal them. */
  get digest(): string {
    const { high, low } = mixed(this.#hash, this.#remainder, 0, this.#remainder.length);
    return `${high.toString(36)}.${low.toString(36)}.${this.tokenCount}${this.#mark}`;
  }

  get #mark(): string {
    return this.isRounded ? roundedMark : "";
  }

  push(tokens: readonly TokenId[]): void {
    for (const token of tokens) {
      this.#remainder.push(token);
      if (this.#remainder.length === blockTokens) {
        this.#hash = nextBlockHash(this.#hash, this.#remainder, 0);
        this.#blocks++;
        this.#remainder = [];
      }
    }
  }

  copy(): TokenPrefix {
    return new TokenPrefix(this.#hash, this.#blocks, this.#remainder, this.isRounded);
  }

  /** The rounded prefix of the same tokens, for a state that was packed after it had read them. */
  rounded(): TokenPrefix {
    return new TokenPrefix(this.#hash, this.#blocks, this.#remainder, true);
  }
}

/** Whether a digest is that of a rounded prefix. */
export function isRoundedDigest(digest: string): boolean {
  return digest.endsWith(roundedMark);
}

/** Marks a digest as that of a rounded prefix, unless it is marked already. */
export function roundedDigest(digest: string): string {
  return isRoundedDigest(digest) ? digest : `${digest}${roundedMark}`;
}

/** One 32-bit round of MurmurHash3. */
function mix(hash: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  let h = hash ^ Math.imul(k, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) >>> 0;
}
