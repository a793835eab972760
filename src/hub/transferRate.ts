/** How fast bytes come, over the last seconds. */
export class TransferRate {
  readonly #now: () => number;
  readonly #samples: { readonly ms: number; readonly bytes: number }[] = [];

  /** @param now milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param bytes received in all. @returns bytes per second; undefined until enough is known. */
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
