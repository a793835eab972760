import { afterMessages } from "../platform.js";
import { throwIfCancelled, type CancellationToken } from "../../shared/cancellation.js";

/** Most urgent first. Jobs of equal priority run in order of arrival. */
export type Priority = "inline" | "command" | "background";

const rankOf: Record<Priority, number> = { inline: 0, command: 1, background: 2 };

interface Waiting {
  readonly rank: number;
  readonly start: () => void;
}

/**
 * Runs one model run at a time (ARCHITECTURE.md, invariant 3). A job calls `run` for each of its runs, so a more urgent
 * job waits for one run at most.
 */
export class Scheduler {
  #running = false;
  readonly #waiting: Waiting[] = [];

  /**
   * If no run is in progress, the run starts before this function returns, so what the caller does next overlaps with
   * it.
   * @throws Cancelled if cancellation is requested before the run starts.
   */
  async run<T>(priority: Priority, cancellation: CancellationToken, run: () => Promise<T>): Promise<T> {
    if (this.#running) await this.#turn(priority);
    this.#running = true;
    try {
      throwIfCancelled(cancellation);
      return await run();
    } finally {
      // Messages that arrived during the run, such as a cancellation, are handled before the next run starts.
      afterMessages(() => {
        this.#next();
      });
    }
  }

  #turn(priority: Priority): Promise<void> {
    const { promise, resolve } = deferred();
    const rank = rankOf[priority];
    const position = this.#waiting.findIndex((other) => other.rank > rank);
    this.#waiting.splice(position === -1 ? this.#waiting.length : position, 0, { rank, start: resolve });
    return promise;
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running = false;
    else next.start();
  }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}
