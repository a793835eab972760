/**
 * The parts of the runtime that core uses: the clock, timers, turns of the event loop, and `Buffer`. No other file of
 * core may use them (eslint.config.mjs).
 */

/** Milliseconds on a monotonic clock. */
export function now(): number {
  return performance.now();
}

/** Calls `callback` after `ms` milliseconds. @returns a function that cancels the call. */
export function setTimer(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => {
    clearTimeout(timer);
  };
}

/** Calls `callback` after the event loop has handled the messages that have arrived, such as cancellations. */
export function afterMessages(callback: () => void): void {
  setImmediate(callback);
}

/** The length of a text in UTF-8 bytes. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
