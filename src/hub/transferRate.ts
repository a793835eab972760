/** Measures the transfer rate over the last seconds. */
export class TransferRate {
  readonly #now: () => number;
  readonly #samples: { readonly ms: number; readonly bytes: number }[] = [];

  /** @param now returns the current time in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param bytes total number received. @returns bytes per second; undefined until there are enough measurements. */
  add(bytes: number): number | undefined {
    const ms = this.#now();
    this.#samples.push({ ms, bytes });
    while (this.#samples.length > 2 && ms - (this.#samples[0]?.ms ?? ms) > windowMs) this.#samples.shift();
    const [first] = this.#samples;
    return first === undefined || ms - first.ms < minMs ? undefined : ((bytes - first.bytes) / (ms - first.ms)) * 1000;
  }
}

const windowMs = 8000;
const minMs = 500;
