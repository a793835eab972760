/**
 * What core uses of the runtime it runs in: the clock, timers, turns of the event loop, and `Buffer`. The only file of
 * core that may name them (eslint.config.mjs).
 */

/** Milliseconds on a monotonic clock. */
export function now(): number {
  return performance.now();
}

/** Calls back after some time. @returns a function that cancels the call. */
export function setTimer(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => {
    clearTimeout(timer);
  };
}

/** Calls back once the messages that have arrived are handled. */
export function afterMessages(callback: () => void): void {
  setImmediate(callback);
}

/** The length of a text in UTF-8 bytes. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
