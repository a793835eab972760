import { quantile } from "../../src/core/statistics.js";
import type { Pause, Replayed } from "./replay.js";

/** The results of replays for one language, for one depth in the file, or for all. Shares are between 0 and 1. */
export interface QualityRow {
  readonly group: string;
  readonly pauses: number;
  /** Share of the characters that the user need not type. Indentation does not count. */
  readonly savedShare: number;
  /** Share of pauses at which something was shown. */
  readonly shownRate: number;
  /** Share of the shown completions whose first line equals the next text in the file. */
  readonly precision: number;
  /** Share of all pauses at which the whole remaining line was shown. */
  readonly wholeLineShare: number;
  readonly similarity: number;
  /** Wrong characters shown for each character saved. */
  readonly wrongPerSaved: number;
  /** Share of the shown completions whose first line leaves other brackets open than the file's line does. */
  readonly unbalancedShare: number;
  readonly repeatsOfNextLine: number;
  /** Length of the first line shown, in UTF-16 code units. */
  readonly medianUnits: number;
  readonly meanUnits: number;
  /**
   * For completions of at least 8, 12 and 20 UTF-16 code units: their share among all completions shown, and their
   * precision.
   */
  readonly lengths: readonly { readonly units: number; readonly share: number; readonly precision: number }[];
  /** Share of the shown completions that end in the middle of a construct. */
  readonly inConstructShare: number;
  /** Number of completions with several lines, and how many of these are right in every line. */
  readonly severalLines: number;
  readonly severalLinesRight: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

export function rowOf(group: string, replays: readonly Replayed[]): QualityRow {
  const pauses = replays.flatMap((one) => one.pauses);
  const shown = pauses.filter((pause) => pause.shown);
  const sum = (of: (pause: Pause) => number): number => pauses.reduce((total, pause) => total + of(pause), 0);
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  const saved = sum((pause) => pause.acceptedUnits);
  const times = pauses.map((pause) => pause.ms);
  return {
    group,
    pauses: pauses.length,
    savedShare: share(
      saved,
      replays.reduce((total, { units }) => total + units, 0),
    ),
    shownRate: share(shown.length, pauses.length),
    precision: share(shown.filter((pause) => pause.isRight).length, shown.length),
    wholeLineShare: share(pauses.filter((pause) => pause.isWholeLine).length, pauses.length),
    similarity: share(
      sum((pause) => pause.similarity),
      shown.length,
    ),
    wrongPerSaved: share(
      sum((pause) => pause.wrongUnits),
      saved,
    ),
    unbalancedShare: share(pauses.filter((pause) => pause.isUnbalanced).length, shown.length),
    repeatsOfNextLine: pauses.filter((pause) => pause.repeatsNextLine).length,
    medianUnits:
      shown.length === 0
        ? 0
        : quantile(
            shown.map((pause) => pause.shownUnits),
            0.5,
          ),
    meanUnits: share(
      shown.reduce((total, pause) => total + pause.shownUnits, 0),
      shown.length,
    ),
    lengths: [8, 12, 20].map((units) => {
      const long = shown.filter((pause) => pause.shownUnits >= units);
      const right = long.filter((pause) => pause.isRight).length;
      return { units, share: share(long.length, shown.length), precision: share(right, long.length) };
    }),
    inConstructShare: share(shown.filter((pause) => pause.endsInConstruct).length, shown.length),
    severalLines: shown.filter((pause) => pause.hasLines).length,
    severalLinesRight: shown.filter((pause) => pause.areLinesRight).length,
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
  };
}

export const heading =
  "                                      pauses   saved   shown  precision  whole line  similar  wrong/saved  brackets off  repeats  p50 ms  p95 ms" +
  "  median  mean    ≥ 8 (right)   ≥ 12 (right)   ≥ 20 (right)  mid-construct  lines (right)";

export function lineOf(label: string, row: QualityRow): string {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  return (
    `${label.padEnd(24)} ${row.group.padEnd(12)}${String(row.pauses).padStart(7)}${percent(row.savedShare).padStart(8)}` +
    `${percent(row.shownRate).padStart(8)}${percent(row.precision).padStart(11)}${percent(row.wholeLineShare).padStart(12)}` +
    `${row.similarity.toFixed(2).padStart(9)}${row.wrongPerSaved.toFixed(2).padStart(13)}` +
    `${percent(row.unbalancedShare).padStart(14)}${String(row.repeatsOfNextLine).padStart(9)}` +
    `${row.p50Ms.toFixed(0).padStart(8)}${row.p95Ms.toFixed(0).padStart(8)}` +
    `${row.medianUnits.toFixed(0).padStart(8)}${row.meanUnits.toFixed(1).padStart(6)}` +
    row.lengths.map((one) => `${percent(one.share)} (${(one.precision * 100).toFixed(0)})`.padStart(15)).join("") +
    `${percent(row.inConstructShare).padStart(15)}${`${row.severalLines} (${row.severalLinesRight})`.padStart(15)}`
  );
}
