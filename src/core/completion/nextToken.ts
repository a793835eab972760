import type { CacheGuess } from "../cache/documentCache.js";
import { cacheWeight } from "../cache/mixture.js";
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
  const own = { token: model.top, logProbability: (model.logits[model.top] ?? 0) - model.logSum };
  const shares = guess === undefined ? undefined : allowedShares(guess, model.allowed);
  if (guess === undefined || mixture === undefined || shares === undefined) return own;
  const weight = cacheWeight(mixture, guess, model.entropy);
  let best = own.token;
  let most = -1;
  for (const token of [own.token, ...shares.keys()]) {
    const probability = mixed(model, token, weight, shares);
    if (probability > most) {
      most = probability;
      best = token;
    }
  }
  return { token: best, logProbability: Math.log(most) };
}

/** The probability of a token where the document's guess has a weight. */
export function mixed(model: Distribution, token: TokenId, weight: number, shares: CacheGuess["shares"]): number {
  const own = Math.exp((model.logits[token] ?? -Infinity) - model.logSum);
  return weight * (shares.get(token) ?? 0) + (1 - weight) * own;
}

/** The shares of what is allowed, to sum 1 again; undefined where nothing is. */
export function allowedShares(
  { shares }: CacheGuess,
  allowed: readonly TokenId[] | undefined,
): ReadonlyMap<TokenId, number> | undefined {
  if (allowed === undefined) return shares;
  const set = new Set(allowed);
  const kept = [...shares].filter(([token]) => set.has(token));
  const sum = kept.reduce((total, [, share]) => total + share, 0);
  return sum > 0 ? new Map(kept.map(([token, share]) => [token, share / sum])) : undefined;
}
