import { randomFrom } from "../../test/support/random.js";
import type { Stretch } from "./replay.js";
import { sampled, type Source } from "./sources.js";

export const linesTyped = 10;

/** For each of some files, two parts drawn by a seed: one in its first half, one in its second. */
export function stretchesOf(sources: readonly Source[], fileCount: number, seed: number): Stretch[] {
  const files = sampled(sources, fileCount, randomFrom(seed));
  const random = randomFrom(seed + 1);
  return files.flatMap((source) => {
    const half = Math.floor((source.text.split("\n").length - linesTyped) / 2);
    return [random.below(half), half + random.below(half)].map((from) => ({ source, from, to: from + linesTyped }));
  });
}
