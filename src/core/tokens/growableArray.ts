type Numbers = Uint8Array | Uint32Array;

/** A typed array that can be spliced in place: a document's bytes, tokens or line starts. */
export class GrowableArray<T extends Numbers> {
  #items: T;
  #length = 0;
  readonly #make: (length: number) => T;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#items = make(64);
  }

  get length(): number {
    return this.#length;
  }

  /** A view of the items; invalid after the next splice. */
  get view(): T {
    return this.#items.subarray(0, this.#length) as T; // subarray keeps the type of the array
  }

  at(offset: number): number {
    if (offset < 0 || offset >= this.#length) throw new RangeError(`${offset} is outside 0..${this.#length - 1}`);
    return this.#items[offset] ?? 0;
  }

  push(item: number): void {
    if (this.#length === this.#items.length) this.#grow(2 * this.#length);
    this.#items[this.#length++] = item;
  }

  splice(start: number, removed: number, inserted: ArrayLike<number>): void {
    const length = this.#length - removed + inserted.length;
    if (length > this.#items.length) this.#grow(Math.ceil(length * 1.5));
    this.#items.copyWithin(start + inserted.length, start + removed, this.#length);
    this.#items.set(inserted, start);
    this.#length = length;
  }

  /** Adds `delta` to every item from index `start` on, for example to the offsets after an edit. */
  shiftFrom(start: number, delta: number): void {
    if (delta === 0) return;
    const items = this.#items;
    for (let i = start; i < this.#length; i++) items[i] = (items[i] ?? 0) + delta;
  }

  #grow(capacity: number): void {
    const grown = this.#make(capacity);
    grown.set(this.view);
    this.#items = grown;
  }
}

/** The first index in ascending `items` whose item is at least `value`; the length if there is none. */
export function lowerBound(items: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
