import { isPacked } from "../model.js";
import type { Checkpoint } from "./checkpoint.js";
import type { EvictionCandidate } from "./checkpointStore.js";
import type { Anchor } from "./anchor.js";
import type { Packing } from "./packing.js";
import { requestCost, type RequestConditions, type Starts } from "./requestCost.js";

interface Surroundings extends RequestConditions {
  readonly tokenCount: number;
  readonly packing: Packing | undefined;
  readonly except: Checkpoint | undefined;
}

/**
 * The checkpoint of a document whose eviction or packing adds the least cost to later requests per freed byte. A
 * rounded checkpoint is packed only if its eviction would leave a gap that no request can read, because the errors of
 * repeated rounding add up.
 */
export function evictionCandidate(
  anchors: readonly Anchor[],
  surroundings: Surroundings,
): EvictionCandidate | undefined {
  const { tokenCount, packing, maxGapTokens, except } = surroundings;
  const offsetAt = (index: number): number => anchors[index]?.offset ?? tokenCount + 1;
  const costAt = (index: number, starts: Starts): number =>
    requestCost({ from: offsetAt(index), to: offsetAt(index + 1) }, starts, surroundings);
  /**
   * The additional cost of requests that start at the rounded anchors from `index` up to the next unrounded one, if the
   * last unrounded anchor before them is at `exactThen` instead of `exactNow`.
   */
  const growthFrom = (index: number, exactNow: number, exactThen: number): number => {
    let growth = 0;
    for (let i = index; anchors[i]?.checkpoint.prefix.isRounded === true; i++) {
      const any = offsetAt(i);
      growth += costAt(i, { any, exact: exactThen }) - costAt(i, { any, exact: exactNow });
    }
    return growth;
  };
  let best: (Omit<EvictionCandidate, "pack"> & { readonly isPacking: boolean }) | undefined;
  const consider = (checkpoint: Checkpoint, loss: number, isPacking: boolean): void => {
    if (loss < (best?.loss ?? Infinity)) best = { checkpoint, loss, isPacking };
  };
  let before: Starts = { any: 0, exact: 0 };
  for (const [index, { offset, checkpoint }] of anchors.entries()) {
    const { isRounded } = checkpoint.prefix;
    const kept = { any: offset, exact: isRounded ? before.exact : offset };
    if (checkpoint !== except) {
      const bytes = checkpoint.state.data.byteLength;
      const change = (isRounded ? 0 : growthFrom(index + 1, offset, before.exact)) - costAt(index, kept);
      consider(checkpoint, (change + costAt(index, before)) / bytes, false);
      const packedBytes = isPacked(checkpoint.state) ? undefined : packing?.packedBytes;
      if (packedBytes !== undefined && (!isRounded || offsetAt(index + 1) - before.any > maxGapTokens)) {
        consider(checkpoint, (change + costAt(index, { ...kept, exact: before.exact })) / (bytes - packedBytes), true);
      }
    }
    before = kept;
  }
  if (best === undefined) return undefined;
  const { checkpoint, isPacking } = best;
  const { state } = checkpoint;
  return { ...best, pack: () => (isPacking && !isPacked(state) ? packing?.pack(state) : undefined) };
}
