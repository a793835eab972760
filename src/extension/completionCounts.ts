import type * as vscode from "vscode";
import { KeptState, numbersIn } from "./keptState.js";

/** How completions were used, over all sessions: numbers only, never text. */
export interface CompletionCounts {
  /** When counting began; milliseconds since 1970. */
  readonly since: number;
  /** Questions that went to the server. */
  readonly asked: number;
  /** Suggestions; the rest of one that is typed along is the same suggestion. */
  readonly shown: number;
  /** Of the suggestions: those accepted to the end, and those of which only a word or a line was. */
  readonly accepted: number;
  readonly partlyAccepted: number;
  /** UTF-16 units, in documents that are completed. */
  readonly charactersAccepted: number;
  readonly charactersTyped: number;
}

/** What is added to counts; negative where something turned out to be something else. */
export type CountChange = Partial<Record<Exclude<keyof CompletionCounts, "since">, number>>;

/** The part of what was written that was accepted and not typed; 0 of nothing. */
export function savedShare({ charactersAccepted, charactersTyped }: CompletionCounts): number {
  const written = charactersAccepted + charactersTyped;
  return written === 0 ? 0 : charactersAccepted / written;
}

const savedAfterMs = 3000;

/** The counts as they are kept from session to session. Several windows add to the same ones. */
export class PersistedCounts {
  readonly #state: KeptState<CompletionCounts>;
  readonly #now: () => number;
  #unsaved: CountChange = {};
  #timer: NodeJS.Timeout | undefined;

  constructor(memento: Pick<vscode.Memento, "get" | "update">, now: () => number = Date.now) {
    this.#now = now;
    const read = (value: unknown): CompletionCounts => ({ ...this.#none(), ...numbersIn(value) });
    this.#state = new KeptState(memento, { name: "completionCounts", version: 1, read });
  }

  get counts(): CompletionCounts {
    return sum(this.#state.value, this.#unsaved);
  }

  add(change: CountChange): void {
    this.#unsaved = sum(this.#unsaved, change);
    // One write for all that happens within some seconds; nobody waits for it.
    this.#timer ??= setTimeout(() => void this.save(), savedAfterMs);
  }

  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const unsaved = this.#unsaved;
    if (Object.keys(unsaved).length === 0) return;
    this.#unsaved = {};
    // What is kept is read anew: another window may have added to it meanwhile.
    await this.#state.update(atLeastZero(sum(this.#state.value, unsaved)));
  }

  async reset(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#unsaved = {};
    await this.#state.update(this.#none());
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
  return result as Counts; // the names of both are those of counts
}

/** What was counted before a reset in one window may be taken back in another. */
function atLeastZero(counts: CompletionCounts): CompletionCounts {
  const bounded = Object.entries(counts).map(([name, count]) => [name, Math.max(0, count as number)]);
  return Object.fromEntries(bounded) as CompletionCounts; // the names are those of counts
}
