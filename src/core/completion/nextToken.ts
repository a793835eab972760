import { guessAmong, type CacheGuess } from "../cache/guess.js";
import { Mixed } from "../cache/mixture.js";
import type { Mixture } from "../calibration.js";
import type { TokenId } from "../model.js";

/** A token chosen to go on with. */
export interface NextToken {
  readonly token: TokenId;
  /** Natural logarithm of its probability, among the tokens that were allowed. */
  readonly logProbability: number;
}

/** The model's distribution over the allowed tokens. */
export interface Distribution {
  readonly logits: Float32Array;
  /** All tokens where undefined. */
  readonly allowed: readonly TokenId[] | undefined;
  readonly top: TokenId;
  /** log Σ e^logit over the allowed tokens. */
  readonly logSum: number;
  /** In nats. */
  readonly entropy: number;
}

export function distributionOf(logits: Float32Array, allowed: readonly TokenId[] | undefined): Distribution {
  const count = allowed?.length ?? logits.length;
  const at = (i: number): TokenId => (allowed === undefined ? i : allowed[i]) as TokenId; // logits have one entry for each id
  let top = at(0);
  for (let i = 1; i < count; i++) if ((logits[at(i)] ?? -Infinity) > (logits[top] ?? -Infinity)) top = at(i);
  const most = logits[top] ?? 0;
  let sum = 0;
  let weighted = 0;
  for (let i = 0; i < count; i++) {
    const below = (logits[at(i)] ?? -Infinity) - most;
    if (below < -30) continue; // adds less than a rounding
    const part = Math.exp(below);
    sum += part;
    weighted += part * below;
  }
  return { logits, allowed, top, logSum: most + Math.log(sum), entropy: Math.log(sum) - weighted / sum };
}

/** A way to choose the next token from model and document. */
export type Choose = (model: Distribution, guess: CacheGuess | undefined, mixture: Mixture | undefined) => NextToken;

/** The likeliest token of the mixture of model and document. */
export function likeliest(model: Distribution, guess: CacheGuess | undefined, mixture: Mixture | undefined): NextToken {
  const both = mixed(model, guess, mixture);
  let token = model.top;
  let most = both.probability(token);
  for (const proposed of both.proposed) {
    const probability = both.probability(proposed);
    if (probability <= most) continue;
    most = probability;
    token = proposed;
  }
  return { token, logProbability: Math.log(most) };
}

/** Model and document together, among the tokens that are allowed. */
export function mixed(
  { logits, logSum, entropy, allowed }: Distribution,
  guess: CacheGuess | undefined,
  mixture: Mixture | undefined,
): Mixed {
  const own = { entropy, probability: (token: TokenId) => Math.exp((logits[token] ?? -Infinity) - logSum) };
  return new Mixed(own, allowed === undefined ? guess : guess && guessAmong(guess, allowed), mixture);
}
