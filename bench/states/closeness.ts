import type { AnyState, Model, TokenId } from "../../src/core/model.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

/** A model's predictions from a state: the logits for each true token, and the tokens of greedy decoding. */
export interface Expectation {
  readonly logits: readonly Float32Array[];
  readonly greedy: readonly TokenId[];
}

/** How close the predictions from one state are to those from the exact state. */
export interface Closeness {
  /** Kullback-Leibler divergence in nats per token. */
  readonly kl: number;
  /** Share of positions with the same most likely token. */
  readonly top1: number;
  readonly sameText: boolean;
}

const greedyTokens = 8;

/** Predicts each token of `next`. @param before tokens to read first, at least one; the last gives the first logits. */
export async function expectation(
  model: Model,
  from: AnyState | undefined,
  before: readonly TokenId[],
  next: readonly TokenId[],
): Promise<Expectation> {
  const reader = model.open(from);
  try {
    const first = (await reader.feed(before, "last", neverCancelled)).slice();
    const start = reader.save();
    const logits = [first];
    for (const token of next) logits.push((await reader.feed([token], "last", neverCancelled)).slice());
    reader.restore(start);
    const greedy: TokenId[] = [];
    for (let current = first; greedy.length < greedyTokens;) {
      greedy.push(likeliest(current));
      current = (await reader.feed([likeliest(current)], "last", neverCancelled)).slice();
    }
    return { logits, greedy };
  } finally {
    reader.dispose();
  }
}

export function closeness(exact: Expectation, other: Expectation): Closeness {
  const count = exact.logits.length;
  let kl = 0;
  let same = 0;
  for (const [i, logits] of exact.logits.entries()) {
    const others = other.logits[i] ?? logits;
    kl += divergence(logits, others) / count;
    if (likeliest(logits) === likeliest(others)) same++;
  }
  return { kl, top1: same / count, sameText: exact.greedy.join() === other.greedy.join() };
}

function likeliest(logits: Float32Array): TokenId {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if ((logits[i] ?? 0) > (logits[best] ?? 0)) best = i;
  return best as TokenId; // an index into the vocabulary
}

function divergence(exact: Float32Array, other: Float32Array): number {
  const [own, others] = [logSum(exact), logSum(other)];
  let sum = 0;
  for (let i = 0; i < exact.length; i++) {
    const log = (exact[i] ?? 0) - own;
    sum += Math.exp(log) * (log - ((other[i] ?? 0) - others));
  }
  return sum;
}

function logSum(logits: Float32Array): number {
  const max = logits.reduce((a, b) => Math.max(a, b));
  return max + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - max), 0));
}
