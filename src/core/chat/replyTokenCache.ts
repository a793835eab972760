import { LRUCache } from "lru-cache";
import type { TokenPrefix } from "../tokens/tokenPrefix.js";
import type { TokenId } from "../model.js";

/** An answer as the model read it while it wrote. */
export interface ReplyTokens {
  readonly tokens: readonly TokenId[];
  /** UTF-8 behind the last of them that still belongs to the answer: it is read with what follows. */
  readonly pendingBytes: Uint8Array;
}

const maxReplies = 256;

/**
 * The tokens that answers were written in: tokenised from their text they might be others, and the states behind them
 * would not be found. As with checkpoints, what was read before says which answer is meant.
 */
export class ReplyTokenCache {
  readonly #replies = new LRUCache<string, ReplyTokens>({ max: maxReplies });

  set(prefix: TokenPrefix, reply: string, tokens: ReplyTokens): void {
    this.#replies.set(keyOf(prefix, reply), tokens);
  }

  get(prefix: TokenPrefix, reply: string): ReplyTokens | undefined {
    return this.#replies.get(keyOf(prefix, reply));
  }
}

function keyOf(prefix: TokenPrefix, reply: string): string {
  return `${prefix.key}\n${reply}`;
}
