/** Maps byte sequences to values. Flat arrays instead of objects save memory: half a million nodes take 14 MB. */
export class ByteTrie {
  /**
   * A hash table with open addressing: maps a key (see `#keys`) to a child node. The root, node 0, is never a child, so
   * 0 marks a free slot.
   */
  readonly #slots: Uint32Array;
  /** Per node: the key `parent * 256 + byte`, the first child and the next sibling. */
  readonly #keys: Float64Array;
  readonly #firstChild: Uint32Array;
  readonly #nextSibling: Uint32Array;
  /** Per node: the value of the entry that ends there; -1 if none does. */
  readonly #values: Int32Array;
  #nodes = 1;

  /** @param maxNodes maximum number of nodes besides the root. The sum of all entries' lengths is always enough. */
  constructor(maxNodes: number) {
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * maxNodes + 2)));
    this.#keys = new Float64Array(maxNodes + 1);
    this.#firstChild = new Uint32Array(maxNodes + 1);
    this.#nextSibling = new Uint32Array(maxNodes + 1);
    this.#values = new Int32Array(maxNodes + 1).fill(-1);
  }

  add(bytes: Uint8Array, value: number): void {
    let node = 0;
    for (const byte of bytes) node = this.child(node, byte) || this.#append(node, byte);
    this.#values[node] = value;
  }

  /** The child of a node for a byte; 0 if there is none. */
  child(node: number, byte: number): number {
    return this.#slots[this.#slotOf(node * 256 + byte)] ?? 0;
  }

  /** The value of the entry that ends at a node; -1 if none does. */
  valueAt(node: number): number {
    return this.#values[node] ?? -1;
  }

  hasChildren(node: number): boolean {
    return this.#firstChild[node] !== 0;
  }

  /** The values of all entries that extend a node's bytes. */
  *valuesBelow(node: number): Iterable<number> {
    const open = [node];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (let child = this.#firstChild[at] ?? 0; child !== 0; child = this.#nextSibling[child] ?? 0) {
        const value = this.valueAt(child);
        if (value >= 0) yield value;
        open.push(child);
      }
    }
  }

  #append(parent: number, byte: number): number {
    const node = this.#nodes++;
    const key = parent * 256 + byte;
    this.#slots[this.#slotOf(key)] = node;
    this.#keys[node] = key;
    this.#nextSibling[node] = this.#firstChild[parent] ?? 0;
    this.#firstChild[parent] = node;
    return node;
  }

  /** The slot of a key, or the free slot for it. */
  #slotOf(key: number): number {
    const mask = this.#slots.length - 1;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
    for (;;) {
      const node = this.#slots[slot] ?? 0;
      if (node === 0 || this.#keys[node] === key) return slot;
      slot = (slot + 1) & mask;
    }
  }
}
