import path from "node:path";
import { type Reader, type TokenId } from "../../src/core/model.js";
import type { LoadedWeights } from "../../src/rwkv/load.js";
import { embeddedModel, fixtures, sharedPlace } from "./paths.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

/** A model, from test/fixtures or ../shared, for which expected values are stored. */
export interface Fixture {
  readonly name: string;
  readonly weights: string;
  readonly expected: string;
  readonly skip: string | false;
}

function own(name: string): Fixture {
  const folder = path.join(fixtures, "rwkv", name);
  return { name, weights: path.join(folder, "model.safetensors"), expected: folder, skip: false };
}

function others(place: string, name: string, file = "model.safetensors"): Fixture {
  const { path: folder, skip } = sharedPlace(place, name);
  return { name: `shared ${name}`, weights: path.join(folder, file), expected: folder, skip };
}

export const allFixtures: readonly Fixture[] = [
  { name: "embedded model", weights: embeddedModel, expected: path.join(fixtures, "default"), skip: false },
  own("v7-small"),
  own("v4-small"),
  own("v5.2-small"),
  own("v6-small"),
  others("fixtures/rwkv", "v7"),
  others("fixtures/rwkv", "v4"),
  others("fixtures/rwkv", "v4-pth", "model.pth"),
  others("fixtures/rwkv", "v5.1"),
  others("fixtures/rwkv", "v5.1-gate-small"),
  others("fixtures/rwkv", "v5.2"),
  others("fixtures/rwkv", "v6"),
  others("fixtures/rwkv", "v6-full"),
  others("models", "starter"),
];

/** Reads tokens in chunks of at most `chunk` tokens. @returns a copy of the last logits. */
export async function logitsAfter(reader: Reader, tokens: readonly TokenId[], chunk = 64): Promise<Float32Array> {
  let logits: Float32Array = new Float32Array();
  for (let at = 0; at < tokens.length; at += chunk) {
    logits = await reader.feed(tokens.slice(at, at + chunk), "last", neverCancelled);
  }
  return logits.slice();
}

export async function greedyRun(reader: Reader, logits: Float32Array, count: number): Promise<TokenId[]> {
  const run: TokenId[] = [];
  for (let row = logits; run.length < count; row = await logitsAfter(reader, run.slice(-1))) run.push(top(row));
  return run;
}

export function top(logits: ArrayLike<number>): TokenId {
  let best = 0;
  for (let token = 1; token < logits.length; token++) if (logits[token]! > logits[best]!) best = token;
  return best as TokenId;
}

export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let max = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= max)) max = difference; // negated, so that NaN counts as well
  }
  return max;
}

/** By how much the highest logit exceeds the second highest. */
export function margin(logits: ArrayLike<number>): number {
  const sorted = Array.from(logits).sort((a, b) => b - a);
  return sorted[0]! - sorted[1]!;
}

/**
 * The parts of each layer of a reader's state, by name. S has the orientation of the equations in docs/RWKV.md:
 * [value, key] for RWKV-7, [key, value] for 5 and 6.
 */
export function stateParts({ engine, dimensions }: LoadedWeights, reader: Reader): Record<string, Float32Array>[] {
  const { layers, width: C, heads: H, headSize: N, version } = dimensions;
  const { data } = reader.save();
  if (data.byteLength !== engine.stateBytes) throw new Error("a state of another size");
  let at = 0;
  const take = (length: number): Float32Array => data.subarray(at, (at += length));
  return Array.from({ length: layers }, () => {
    if (version === 4) return { ax: take(C), aa: take(C), bb: take(C), pp: take(C), fx: take(C) };
    const [ax, S, fx] = [take(C), take(H * N * N), take(C)];
    return { ax, S: version === 7 ? headsTransposed(S, H, N) : S, fx };
  });
}

function headsTransposed(values: Float32Array, heads: number, size: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let head = 0; head < heads; head++) {
    const base = head * size * size;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        result[base + column * size + row] = values[base + row * size + column]!;
      }
    }
  }
  return result;
}
