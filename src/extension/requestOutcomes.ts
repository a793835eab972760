import type { NothingCounts, NothingReason, NothingShown } from "../shared/nothingShown.js";

export interface RequestOutcomesOptions {
  /** Called for each request that showed nothing. */
  readonly onNothing: (nothing: NothingShown) => void;
  /** Called when the result of `lastIn` has changed. */
  readonly onChange: () => void;
}

/**
 * Records how the editor's requests for ghost text ended, including requests that were not sent to the server.
 */
export class RequestOutcomes {
  readonly #options: RequestOutcomesOptions;
  readonly #notSent: Partial<Record<NothingReason, number>> = {};
  readonly #lastByDocument = new Map<string, NothingShown>();
  #last: NothingShown | undefined;

  constructor(options: RequestOutcomesOptions) {
    this.#options = options;
  }

  /** Why the last request in any document showed nothing; undefined if it showed a completion, or if there was none. */
  get last(): NothingShown | undefined {
    return this.#last;
  }

  /**
   * Why the last request in this document showed nothing; undefined if it showed a completion, or if there was none.
   */
  lastIn(uri: string): NothingShown | undefined {
    return this.#lastByDocument.get(uri);
  }

  /** Call when the server has reported why a request showed nothing. */
  nothing(uri: string, nothing: NothingShown): void {
    this.#options.onNothing(nothing);
    this.#set(uri, nothing);
  }

  /** Call when a request was not sent to the server. If completions are switched off, `last` does not change. */
  notSent(uri: string, reason: NothingReason): void {
    this.#notSent[reason] = (this.#notSent[reason] ?? 0) + 1;
    this.#options.onNothing({ reason });
    if (!isSwitchedOff.has(reason)) this.#set(uri, { reason });
  }

  shown(uri: string): void {
    this.#set(uri, undefined);
  }

  /** Call when a document was closed. */
  closed(uri: string): void {
    this.#lastByDocument.delete(uri);
  }

  /** All requests that showed nothing, by reason. @param server the counts reported by the server. */
  counts(server: NothingCounts = {}): [NothingReason, number][] {
    const all: Partial<Record<NothingReason, number>> = { ...server };
    for (const [reason, count] of entriesOf(this.#notSent)) all[reason] = (all[reason] ?? 0) + count;
    return entriesOf(all).sort(([, a], [, b]) => b - a);
  }

  #set(uri: string, last: NothingShown | undefined): void {
    const isSame = JSON.stringify(last) === JSON.stringify(this.lastIn(uri));
    this.#last = last;
    if (last === undefined) this.#lastByDocument.delete(uri);
    else this.#lastByDocument.set(uri, last);
    if (!isSame) this.#options.onChange();
  }
}

/** Reasons that the status item shows in another way. */
const isSwitchedOff: ReadonlySet<NothingReason> = new Set(["allOff", "languageOff", "automaticOff"]);

function entriesOf(counts: NothingCounts): [NothingReason, number][] {
  return Object.entries(counts) as [NothingReason, number][];
}
