const pageBits = 16;
const pageTokens = 2 ** pageBits;
const pageMask = pageTokens - 1;

/** An array of numbers in pages: growing it copies nothing, and at most one page is partly unused. */
export class PagedArray<T extends Uint16Array | Uint32Array> {
  readonly #make: (length: number) => T;
  readonly #pages: T[] = [];
  #length = 0;

  constructor(make: (length: number) => T) {
    this.#make = make;
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#pages.reduce((sum, page) => sum + page.byteLength, 0);
  }

  /** The number at an index; 0 past the end. */
  at(index: number): number {
    return this.#pages[index >>> pageBits]?.[index & pageMask] ?? 0;
  }

  set(index: number, value: number): void {
    const page = this.#pages[index >>> pageBits];
    if (page !== undefined) page[index & pageMask] = value;
  }

  push(value: number): void {
    if ((this.#length & pageMask) === 0) this.#pages.push(this.#make(pageTokens));
    this.set(this.#length++, value);
  }

  /** A copy of the numbers at [from, to). */
  slice(from: number, to: number): T {
    const copy = this.#make(Math.max(0, to - from));
    this.#eachPart(from, to, (part, at) => {
      copy.set(part, at - from);
    });
    return copy;
  }

  /** Sets the numbers at [from, to) to a value. */
  fill(value: number, from: number, to: number): void {
    this.#eachPart(from, to, (part) => part.fill(value));
  }

  /** Visits [from, to) page by page. */
  #eachPart(from: number, to: number, visit: (part: Uint16Array | Uint32Array, at: number) => void): void {
    const end = Math.min(to, this.#length);
    for (let at = from; at < end;) {
      const next = Math.min(end, (at | pageMask) + 1);
      const page = this.#pages[at >>> pageBits];
      if (page !== undefined) visit(page.subarray(at & pageMask, ((next - 1) & pageMask) + 1), at);
      at = next;
    }
  }
}
