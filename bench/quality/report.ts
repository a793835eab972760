import { quantile } from "../../src/core/statistics.js";
import type { Pause, Replayed } from "./replay.js";

/** Results of the replays of one language, of one depth in the file, or of all. Shares are between 0 and 1. */
export interface QualityRow {
  readonly group: string;
  readonly pauses: number;
  /** Characters that need not be typed, as a share of all except indentation. */
  readonly savedShare: number;
  /** Pauses at which something was shown. */
  readonly shownRate: number;
  /** Share of what was shown whose first line is what comes next in the file. */
  readonly precision: number;
  /** Share of all pauses at which the whole remaining line was shown. */
  readonly wholeLineShare: number;
  readonly similarity: number;
  /** Wrong characters shown for each character saved. */
  readonly wrongPerSaved: number;
  /** Share of what was shown whose first line leaves other brackets open than the file's line does. */
  readonly unbalancedShare: number;
  readonly repeatsOfNextLine: number;
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
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
  };
}

export const heading =
  "                                      pauses   saved   shown  precision  whole line  similar  wrong/saved  brackets off  repeats  p50 ms  p95 ms";

export function lineOf(label: string, row: QualityRow): string {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  return (
    `${label.padEnd(24)} ${row.group.padEnd(12)}${String(row.pauses).padStart(7)}${percent(row.savedShare).padStart(8)}` +
    `${percent(row.shownRate).padStart(8)}${percent(row.precision).padStart(11)}${percent(row.wholeLineShare).padStart(12)}` +
    `${row.similarity.toFixed(2).padStart(9)}${row.wrongPerSaved.toFixed(2).padStart(13)}` +
    `${percent(row.unbalancedShare).padStart(14)}${String(row.repeatsOfNextLine).padStart(9)}` +
    `${row.p50Ms.toFixed(0).padStart(8)}${row.p95Ms.toFixed(0).padStart(8)}`
  );
}
