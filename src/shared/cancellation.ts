/** Signals that a request is no longer wanted; the same shape as LSP's CancellationToken. */
export interface CancellationToken {
  readonly isCancellationRequested: boolean;
  /** If present, lets a model run end before it is complete. */
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

/** To be called before each step of long work. @throws Cancelled if the token was cancelled. */
export function throwIfCancelled(cancellation: CancellationToken): void {
  if (cancellation.isCancellationRequested) throw new Cancelled();
}

/** Settles as `promise` does. @throws Cancelled as soon as the token is cancelled, even if `promise` is pending. */
export async function orCancelled<T>(promise: Promise<T>, cancellation: CancellationToken): Promise<T> {
  throwIfCancelled(cancellation);
  return new Promise((resolve, reject) => {
    const subscription = cancellation.onCancellationRequested?.(() => {
      reject(new Cancelled());
    });
    void promise.then(resolve, reject).finally(() => subscription?.dispose());
  });
}
