/** Signals that a request is no longer wanted. LSP's CancellationToken has this shape. */
export interface CancellationToken {
  readonly isCancellationRequested: boolean;
  /** If absent, a cancellation is only noticed when the flag is checked. */
  readonly onCancellationRequested?: (listener: () => void) => { dispose(): void };
}

/** Thrown by work whose cancellation token was cancelled. */
export class Cancelled extends Error {
  constructor() {
    super("cancelled");
    this.name = "Cancelled";
  }
}

export const neverCancelled: CancellationToken = { isCancellationRequested: false };

/** Call before each step of long work. @throws Cancelled if the token was cancelled. */
export function throwIfCancelled(cancellation: CancellationToken): void {
  if (cancellation.isCancellationRequested) throw new Cancelled();
}

/** Settles like `promise`. @throws Cancelled if the token is cancelled before `promise` settles. */
export async function orCancelled<T>(promise: Promise<T>, cancellation: CancellationToken): Promise<T> {
  throwIfCancelled(cancellation);
  return new Promise((resolve, reject) => {
    const subscription = cancellation.onCancellationRequested?.(() => {
      reject(new Cancelled());
    });
    void promise.then(resolve, reject).finally(() => subscription?.dispose());
  });
}
