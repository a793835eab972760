import { LRUCache } from "lru-cache";
import type { TokenChain } from "../document/tokenChain.js";
import type { TokenId } from "../model.js";

/** An answer as the model read it while it wrote. */
export interface AnswerTokens {
  readonly tokens: readonly TokenId[];
  /** UTF-8 behind the last of them that still belongs to the answer: it is read with what follows. */
  readonly rest: Uint8Array;
}

const mostAnswers = 256;

/**
 * The tokens that answers were written in: tokenised from their text they might be others, and the states behind them
 * would not be found. As with checkpoints, what was read before says which answer is meant.
 */
export class AnswerMemory {
  readonly #answers = new LRUCache<string, AnswerTokens>({ max: mostAnswers });

  keep(before: TokenChain, answer: string, tokens: AnswerTokens): void {
    this.#answers.set(keyOf(before, answer), tokens);
  }

  of(before: TokenChain, answer: string): AnswerTokens | undefined {
    return this.#answers.get(keyOf(before, answer));
  }
}

function keyOf(before: TokenChain, answer: string): string {
  return `${before.key}\n${answer}`;
}
