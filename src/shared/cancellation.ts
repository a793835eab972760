/** Signals that a request is no longer wanted. LSP's CancellationToken has this shape. */
export interface CancellationToken {
  readonly isCancellationRequested: boolean;
  /** If absent, code notices a cancellation only when it checks the flag. */
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

/** Settles like `promise`. @throws Cancelled if the token is already cancelled, or as soon as it is cancelled. */
export async function orCancelled<T>(promise: Promise<T>, cancellation: CancellationToken): Promise<T> {
  throwIfCancelled(cancellation);
  return new Promise((resolve, reject) => {
    const subscription = cancellation.onCancellationRequested?.(() => {
      reject(new Cancelled());
    });
    void promise.then(resolve, reject).finally(() => subscription?.dispose());
  });
}
