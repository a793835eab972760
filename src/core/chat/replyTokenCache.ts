import { LRUCache } from "lru-cache";
import type { TokenPrefix } from "../tokens/tokenPrefix.js";
import type { TokenId } from "../model.js";

/** The tokens of a reply as the model generated them. */
export interface ReplyTokens {
  readonly tokens: readonly TokenId[];
  /** UTF-8 bytes of the reply after the last token; they are read with the next turn. */
  readonly pendingBytes: Uint8Array;
}

const maxReplies = 256;

/**
 * Remembers the tokens of the last replies. Tokenizing a reply's text might give other tokens, for which there are no
 * checkpoints. A reply is identified by its text and the tokens read before it.
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
