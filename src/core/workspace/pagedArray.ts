const pageBits = 16;
const pageTokens = 2 ** pageBits;
const pageMask = pageTokens - 1;

/** Numbers in pages, so that growing copies nothing and no more than one page is unused. */
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

  /** 0 past the end. */
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
}
