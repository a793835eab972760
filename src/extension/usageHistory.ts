import type { CountChange } from "./counts.js";
import { numbersIn } from "./keptState.js";

/** How completions were used by day and by language. Numbers only, never text. */
export interface UsageHistory {
  /** Counts by date, YYYY-MM-DD in local time, for the last `maxDays` days with any use. */
  readonly days: ReadonlyMap<string, CountChange>;
  /** Counts by VS Code's language identifier. */
  readonly languages: ReadonlyMap<string, CountChange>;
}

/** A history in the form in which VS Code stores it. */
export interface StoredHistory {
  readonly days: Readonly<Record<string, CountChange>>;
  readonly languages: Readonly<Record<string, CountChange>>;
}

export const noHistory: UsageHistory = { days: new Map(), languages: new Map() };

const maxDays = 56;
/** Limits the stored list. Few users work with so many languages. */
const maxLanguages = 200;

export function dayOf(ms: number): string {
  const date = new Date(ms);
  const [month, day] = [date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0"));
  return `${date.getFullYear()}-${month}-${day}`;
}

/** The last days up to and including `nowMs`, oldest first. */
export function lastDays(nowMs: number, count: number): string[] {
  const now = new Date(nowMs);
  return Array.from({ length: count }, (_, at) =>
    // Noon exists on every day, even when the clocks change.
    dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - (count - 1 - at), 12).getTime()),
  );
}

/** Adds up two histories. */
export function mergedHistory(one: UsageHistory, other: UsageHistory): UsageHistory {
  const days = [...merged(one.days, other.days)].sort(([a], [b]) => (a < b ? -1 : 1));
  const languages = [...merged(one.languages, other.languages)];
  return { days: new Map(days.slice(-maxDays)), languages: new Map(languages.slice(0, maxLanguages)) };
}

/** A history with one change. @param languageId undefined if it is unknown. */
export function historyOf(change: CountChange, day: string, languageId: string | undefined): UsageHistory {
  return {
    days: new Map([[day, change]]),
    languages: new Map(languageId === undefined ? [] : [[languageId, change]]),
  };
}

/** Converts a history to the form to store. Negative counts become 0: a correction may come after a reset. */
export function storedHistory({ days, languages }: UsageHistory): StoredHistory {
  return { days: Object.fromEntries(bounded(days)), languages: Object.fromEntries(bounded(languages)) };
}

/** Reads a stored value, and ignores its invalid parts. */
export function readHistory(value: unknown): UsageHistory {
  const { days, languages } = (typeof value === "object" && value !== null ? value : {}) as Partial<StoredHistory>;
  // Days in the future, from a clock that was wrong, would never be among the oldest and so would never be dropped.
  const latest = dayOf(Date.now() + 24 * 60 * 60_000);
  const isDay = ([name]: [string, unknown]): boolean => /^\d{4}-\d\d-\d\d$/.test(name) && name <= latest;
  return { days: new Map(entriesOf(days).filter(isDay)), languages: new Map(entriesOf(languages)) };
}

function entriesOf(value: unknown): [string, CountChange][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).map(([name, counts]) => [name, numbersIn(counts)]);
}

function merged(one: UsageHistory["days"], other: UsageHistory["days"]): Map<string, CountChange> {
  const all = new Map(one);
  for (const [name, change] of other) {
    const counts: Record<string, number> = { ...all.get(name) };
    for (const [count, more] of Object.entries(change)) counts[count] = (counts[count] ?? 0) + more;
    all.set(name, counts);
  }
  return all;
}

function bounded(counts: UsageHistory["days"]): [string, CountChange][] {
  return [...counts].map(([name, change]) => [
    name,
    Object.fromEntries(Object.entries(change).map(([count, value]) => [count, Math.max(0, value)])),
  ]);
}
