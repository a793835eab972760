import type * as vscode from "vscode";
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

/** Usage of completions over all sessions. Numbers only, never text. */
export interface CompletionCounts {
  /** Start of counting, in milliseconds since 1970. */
  readonly since: number;
  /** Requests sent to the server. */
  readonly asked: number;
  /** Suggestions shown. What remains of one after typing along counts as the same suggestion. */
  readonly shown: number;
  /** Suggestions accepted in full, and suggestions of which only a word or a line was accepted. */
  readonly accepted: number;
  readonly partlyAccepted: number;
  /** UTF-16 units, in documents that are completed. */
  readonly charactersAccepted: number;
  readonly charactersTyped: number;
}

/** A change of the counts; negative to correct an earlier one. */
export type CountChange = Partial<Record<Exclude<keyof CompletionCounts, "since">, number>>;

/** Accepted characters as a share of all characters written; 0 if none were. */
export function savedShare({ charactersAccepted, charactersTyped }: CompletionCounts): number {
  const written = charactersAccepted + charactersTyped;
  return written === 0 ? 0 : charactersAccepted / written;
}

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
