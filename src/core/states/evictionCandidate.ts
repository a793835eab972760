import { isPacked } from "../model.js";
import type { Checkpoint, EvictionCandidate } from "./checkpointStore.js";
import { lossOf, type Likelihood } from "./checkpointValue.js";
import type { Anchor } from "./anchor.js";
import { gapFactor, type Packing } from "./packing.js";

interface Surroundings {
  readonly likelihood: Likelihood;
  readonly tokenCount: number;
  readonly packing: Packing | undefined;
  readonly except: Checkpoint | undefined;
}

/**
 * The anchor of a document whose checkpoint is cheapest to lose, or to pack if no request can read the gap that is left
 * otherwise. Packing makes requests start from the states before that are not packed, so its cost depends on these.
 */
export function evictionCandidate(
  anchors: readonly Anchor[],
  { likelihood, tokenCount, packing, except }: Surroundings,
): EvictionCandidate | undefined {
  const end = tokenCount + 1;
  const nextUnpacked = nextUnpackedOffsets(anchors, end);
  let [previous, previousUnpacked] = [0, 0];
  let best: (Omit<EvictionCandidate, "pack"> & { readonly isPacking: boolean }) | undefined;
  for (const [i, { offset, checkpoint }] of anchors.entries()) {
    const next = anchors[i + 1]?.offset ?? end;
    const factor = gapFactor(next - previous, packing);
    const isPacking = factor > 1 && !isPacked(checkpoint.state);
    const cost = isPacking
      ? lossOf(previousUnpacked, offset, nextUnpacked[i] ?? end, likelihood)
      : lossOf(previous, offset, next, likelihood);
    const loss = (factor * cost) / checkpoint.state.data.byteLength;
    if (checkpoint !== except && loss < (best?.loss ?? Infinity)) best = { checkpoint, loss, isPacking };
    previous = offset;
    if (!isPacked(checkpoint.state)) previousUnpacked = offset;
  }
  if (best === undefined) return undefined;
  const { state } = best.checkpoint;
  return { ...best, pack: () => (best.isPacking && !isPacked(state) ? packing?.pack(state) : undefined) };
}

/** For each anchor, the offset of the next one whose state is not packed. */
function nextUnpackedOffsets(anchors: readonly Anchor[], end: number): number[] {
  const offsets: number[] = [];
  let next = end;
  for (const { offset, checkpoint } of anchors.toReversed()) {
    offsets.push(next);
    if (!isPacked(checkpoint.state)) next = offset;
  }
  return offsets.reverse();
}
