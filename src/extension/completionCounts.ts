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

/** The counts, stored across sessions and shared by all windows. */
export class PersistedCounts {
  readonly #state: KeptState<CompletionCounts>;
  readonly #history: KeptState<StoredHistory>;
  readonly #now: () => number;
  #unsaved: CountChange = {};
  #unsavedHistory = noHistory;
  #timer: NodeJS.Timeout | undefined;

  constructor(memento: Pick<vscode.Memento, "get" | "update">, now: () => number = Date.now) {
    this.#now = now;
    const read = (value: unknown): CompletionCounts => ({ ...this.#none(), ...numbersIn(value) });
    this.#state = new KeptState(memento, { name: "completionCounts", version: 1, read });
    const readStored = (value: unknown): StoredHistory => storedHistory(readHistory(value));
    this.#history = new KeptState(memento, { name: "usageHistory", version: 1, read: readStored });
  }

  get counts(): CompletionCounts {
    return sum(this.#state.value, this.#unsaved);
  }

  get history(): UsageHistory {
    return mergedHistory(readHistory(this.#history.value), this.#unsavedHistory);
  }

  /** @param languageId of the document; undefined if it is unknown. */
  add(change: CountChange, languageId?: string): void {
    this.#unsaved = sum(this.#unsaved, change);
    this.#unsavedHistory = mergedHistory(this.#unsavedHistory, historyOf(change, dayOf(this.#now()), languageId));
    // Saves once for everything that happens within a few seconds.
    this.#timer ??= setTimeout(() => void this.save(), savedAfterMs);
  }

  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const unsaved = this.#unsaved;
    if (Object.keys(unsaved).length === 0) return;
    const { history } = this;
    this.#unsaved = {};
    this.#unsavedHistory = noHistory;
    // Read the stored counts again: another window may have changed them.
    await this.#state.update(atLeastZero(sum(this.#state.value, unsaved)));
    await this.#history.update(storedHistory(history));
  }

  async reset(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#unsaved = {};
    this.#unsavedHistory = noHistory;
    await this.#state.update(this.#none());
    await this.#history.update(storedHistory(noHistory));
  }

  #none(): CompletionCounts {
    return {
      since: this.#now(),
      asked: 0,
      shown: 0,
      accepted: 0,
      partlyAccepted: 0,
      charactersAccepted: 0,
      charactersTyped: 0,
    };
  }
}

function sum<Counts extends CountChange>(counts: Counts, change: CountChange): Counts {
  const result: Record<string, number> = { ...counts };
  for (const [name, more] of Object.entries(change)) result[name] = (result[name] ?? 0) + more;
  return result as Counts; // safe: both have the names of the counts
}

/** A count from before a reset in one window may be corrected in another. */
function atLeastZero(counts: CompletionCounts): CompletionCounts {
  const bounded = Object.entries(counts).map(([name, count]) => [name, Math.max(0, count as number)]);
  return Object.fromEntries(bounded) as CompletionCounts; // safe: the names are those of the counts
}
