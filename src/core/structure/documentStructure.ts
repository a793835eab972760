import type { Grammar } from "./grammar.js";
import { maxLookAhead } from "./bytes.js";
import { Lexer } from "./lexer.js";
import { initialState, isSameState, type LexerState } from "./lexerCursor.js";

/** The lexer's state at a byte offset. */
export interface Snapshot {
  readonly offset: number;
  readonly state: LexerState;
}

/** Approximate distance between two snapshots. */
const snapshotBytes = 1024;

/**
 * Finds the frames that are open at any offset of a document, and follows its edits. Lexing is lazy: a request lexes
 * from the nearest valid snapshot. After an edit, lexing stops as soon as the new state equals the old one at that
 * offset.
 */
export class DocumentStructure {
  readonly #grammar: Grammar;
  /** Ascending by offset. The first `#valid` are correct; the others were correct before the edits in `#edits`. */
  #snapshots: Snapshot[];
  #valid = 1;
  /**
   * Ascending offsets, after the last valid snapshot, at which the text has changed. Old snapshots are consistent with
   * each other only if no such offset is between them.
   */
  #edits: number[] = [];

  constructor(grammar: Grammar) {
    this.#grammar = grammar;
    this.#snapshots = [{ offset: 0, state: initialState(grammar) }];
  }

  get grammar(): Grammar {
    return this.#grammar;
  }

  /** Records that bytes [from, oldEnd) were replaced by bytes [from, newEnd). */
  edited(from: number, oldEnd: number, newEnd: number): void {
    const delta = newEnd - oldEnd;
    const before = this.#countUpTo(Math.max(0, from - maxLookAhead));
    const after = this.#countUpTo(oldEnd);
    const moved = this.#snapshots.slice(after).map(({ offset, state }) => ({ offset: offset + delta, state }));
    this.#snapshots = [...this.#snapshots.slice(0, before), ...moved];
    this.#valid = Math.min(this.#valid, before);
    const earlier = this.#edits.filter((edit) => edit < from);
    const later = this.#edits.filter((edit) => edit > oldEnd).map((edit) => edit + delta);
    this.#edits = [...earlier, newEnd, ...later];
  }

  /** The nearest snapshot at or before `offset`: at most about 1 kB before it, unless a single token is longer. */
  snapshotBefore(bytes: Uint8Array, offset: number): Snapshot {
    for (;;) {
      const last = this.#at(this.#valid - 1);
      const target = Math.min(last.offset + snapshotBytes, this.#snapshots[this.#valid]?.offset ?? Infinity);
      if (target > offset) return this.#at(Math.min(this.#countUpTo(offset), this.#valid) - 1);
      const lexer = new Lexer(bytes, last.offset, last.state);
      lexer.advance(target);
      this.#reached({ offset: lexer.at, state: lexer.state });
    }
  }

  /**
   * Adds the next valid snapshot. If it equals the old snapshot at its offset, all old snapshots up to the next edit
   * are valid.
   */
  #reached(snapshot: Snapshot): void {
    const { offset, state } = snapshot;
    this.#edits = this.#edits.filter((edit) => edit > offset);
    let passed = this.#valid;
    while ((this.#snapshots[passed]?.offset ?? Infinity) <= offset) passed++;
    const old = this.#snapshots[passed - 1];
    const isConfirmed = passed > this.#valid && old?.offset === offset && isSameState(old.state, state);
    this.#snapshots.splice(this.#valid, passed - this.#valid, snapshot);
    this.#valid++;
    if (isConfirmed) this.#valid = Math.max(this.#valid, this.#countUpTo((this.#edits[0] ?? Infinity) - 1));
  }

  #at(index: number): Snapshot {
    return this.#snapshots[index] ?? { offset: 0, state: initialState(this.#grammar) };
  }

  /** The number of snapshots at or before an offset. */
  #countUpTo(offset: number): number {
    let low = 0;
    let high = this.#snapshots.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#at(middle).offset <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
