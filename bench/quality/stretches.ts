import { randomFrom } from "../../test/support/random.js";
import type { Stretch } from "./replay.js";
import type { OlderVersions } from "./olderVersions.js";
import { sampled, type Source } from "./sources.js";

export const linesTyped = 10;

/** Two random parts of each sampled file: one in the file's first half and one in the second. */
export function stretchesOf(sources: readonly Source[], fileCount: number, seed: number): Stretch[] {
  const files = sampled(sources, fileCount, randomFrom(seed));
  const random = randomFrom(seed + 1);
  return files.flatMap((source) => {
    const half = Math.floor((source.text.split("\n").length - linesTyped) / 2);
    return [random.below(half), half + random.below(half)].map((from) => ({ source, from, to: from + linesTyped }));
  });
}

/** One or two random parts of each sampled file. The parts are mostly new compared with the older version. */
export function newStretchesOf(
  sources: readonly Source[],
  fileCount: number,
  seed: number,
  older: OlderVersions,
): Stretch[] {
  const passages = new Map(sources.map((source) => [source, older.newPassages(source)]));
  const changed = sources.filter((source) => passages.get(source)?.length);
  const files = sampled(changed, fileCount, randomFrom(seed));
  const random = randomFrom(seed + 1);
  return files.flatMap((source) => {
    let starts = passages.get(source) ?? [];
    const drawn: Stretch[] = [];
    while (drawn.length < 2 && starts.length > 0) {
      const from = starts[random.below(starts.length)]!; // the index is below the length
      drawn.push({ source, from, to: from + linesTyped });
      starts = starts.filter((start) => Math.abs(start - from) >= linesTyped);
    }
    return drawn;
  });
}
