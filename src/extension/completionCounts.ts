import { randomUUID } from "node:crypto";
import type * as vscode from "vscode";
import type { CompletionCounts, CountChange } from "./counts.js";
import { KeptState, numbersIn } from "./keptState.js";
import {
  dayOf,
  historyOf,
  mergedHistory,
  noHistory,
  readHistory,
  storedHistory,
  type StoredHistory,
  type UsageHistory,
} from "./usageHistory.js";

const savedAfterMs = 3000;
/** Maximum number of windows whose last save is remembered. */
const maxWindows = 50;

/** Counts to be added to the stored ones. */
interface Addition {
  readonly counts: CountChange;
  readonly history: UsageHistory;
}

const nothing: Addition = { counts: {}, history: noHistory };

/** An addition that was written but may be lost if another window overwrites it. */
interface Written extends Addition {
  /** Identifies the save. */
  readonly save: number;
  /** The stored counts' `since` at the time of the save. If the stored value differs later, the counts were reset. */
  readonly since: number;
}

/**
 * The counts, stored across sessions and shared by all windows. VS Code stores the whole state of an extension as one
 * value, so if two windows save at the same time, the first save is lost. Each save therefore also stores a number
 * under the window's name. If that number is missing later, the window saves its addition again.
 */
export class PersistedCounts {
  readonly #state: KeptState<CompletionCounts>;
  readonly #history: KeptState<StoredHistory>;
  /** The last save of each window, in the order of saving. */
  readonly #saves: KeptState<Readonly<Record<string, number>>>;
  readonly #window = `window-${randomUUID()}`; // not an integer, because objects list integer keys first
  readonly #now: () => number;
  #unsaved = nothing;
  #written: Written | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(memento: Pick<vscode.Memento, "get" | "update">, now: () => number = Date.now) {
    this.#now = now;
    const read = (value: unknown): CompletionCounts => ({ ...this.#none(), ...numbersIn(value) });
    this.#state = new KeptState(memento, { name: "completionCounts", version: 1, read });
    const readStored = (value: unknown): StoredHistory => storedHistory(readHistory(value));
    this.#history = new KeptState(memento, { name: "usageHistory", version: 1, read: readStored });
    this.#saves = new KeptState(memento, { name: "completionCountsSaves", version: 1, read: numbersIn });
  }

  get counts(): CompletionCounts {
    return atLeastZero(sum(this.#state.value, this.#pending().counts));
  }

  get history(): UsageHistory {
    return mergedHistory(readHistory(this.#history.value), this.#pending().history);
  }

  /** @param languageId the document's language; undefined if it is unknown. */
  add(change: CountChange, languageId?: string): void {
    const history = historyOf(change, dayOf(this.#now()), languageId);
    this.#unsaved = together(this.#unsaved, { counts: change, history });
    this.#saveSoon();
  }

  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending();
    this.#unsaved = nothing;
    if (pending === nothing) {
      this.#written = undefined;
      return;
    }
    const [{ value: stored }, { value: history }, { value: saves }] = [this.#state, this.#history, this.#saves];
    const save = (this.#written?.save ?? 0) + 1;
    this.#written = { ...pending, save, since: stored.since };
    const others = Object.entries(saves).filter(([window]) => window !== this.#window);
    const lastSaves = [...others.slice(1 - maxWindows), [this.#window, save] as const];
    // All updates are made at once, so that VS Code stores them together.
    await Promise.all([
      this.#state.update(atLeastZero(sum(stored, pending.counts))),
      this.#history.update(storedHistory(mergedHistory(readHistory(history), pending.history))),
      this.#saves.update(Object.fromEntries(lastSaves)),
    ]);
    this.#saveSoon(); // saves again if another window's save has replaced this one
  }

  async reset(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#unsaved = nothing;
    this.#written = undefined;
    await Promise.all([
      this.#state.update(this.#none()),
      this.#history.update(storedHistory(noHistory)),
      this.#saves.update({}),
    ]);
  }

  /** Saves after a few seconds, so that one save covers everything that is counted until then. */
  #saveSoon(): void {
    this.#timer ??= setTimeout(() => void this.save(), savedAfterMs).unref();
  }

  /** The counts that must be added to the stored ones, including those of a save that was lost. */
  #pending(): Addition {
    const written = this.#written;
    const isLost =
      written !== undefined &&
      this.#saves.value[this.#window] !== written.save &&
      this.#state.value.since === written.since; // otherwise another window has reset the counts
    return isLost ? together(written, this.#unsaved) : this.#unsaved;
  }

  #none(): CompletionCounts {
    return {
      since: this.#now(),
      asked: 0,
      shown: 0,
      accepted: 0,
      partlyAccepted: 0,
      typedOut: 0,
      charactersAccepted: 0,
      charactersTyped: 0,
    };
  }
}

function together(one: Addition, other: Addition): Addition {
  return { counts: sum(one.counts, other.counts), history: mergedHistory(one.history, other.history) };
}

function sum<Counts extends CountChange>(counts: Counts, change: CountChange): Counts {
  const result: Record<string, number> = { ...counts };
  for (const [name, more] of Object.entries(change)) result[name] = (result[name] ?? 0) + more;
  return result as Counts; // safe: the keys of both are names of counts
}

/** Prevents negative counts: a reset in another window may come between a count and its correction. */
function atLeastZero(counts: CompletionCounts): CompletionCounts {
  const bounded = Object.entries(counts).map(([name, count]) => [name, Math.max(0, count as number)]);
  return Object.fromEntries(bounded) as CompletionCounts; // safe: the keys are unchanged
}
