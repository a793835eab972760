/** Nodes by their parent and a byte, in flat arrays: half a million nodes cost a few megabytes and no objects. */
export class ByteTrie {
  /** Open addressing: slot to child node; 0 is the root and so nobody's child. */
  readonly #slots: Uint32Array;
  /** Of each node: parent * 256 + byte, one entry below, one entry beside. */
  readonly #keys: Float64Array;
  readonly #firstChild: Uint32Array;
  readonly #nextSibling: Uint32Array;
  /** Of each node: the value whose entry ends there; -1 where none does. */
  readonly #values: Int32Array;
  #nodes = 1;

  /** @param maxNodes the bytes of all entries together are always enough. */
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

  /** The node below `node` for a byte; 0 where there is none. */
  child(node: number, byte: number): number {
    return this.#slots[this.#slotOf(node * 256 + byte)] ?? 0;
  }

  /** The value whose entry ends at a node; -1 where none does. */
  valueAt(node: number): number {
    return this.#values[node] ?? -1;
  }

  hasChildren(node: number): boolean {
    return this.#firstChild[node] !== 0;
  }

  /** Values of all entries that end below a node. */
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

  /** The slot that holds a key, or the free one where it would go. */
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
