import { characterAt, type CharacterClass } from "./characters.js";

/** Where a piece of text ends. */
export interface Pretoken {
  readonly end: number;
  /** "spaces": a run of spaces that has a token of its own. */
  readonly kind: "word" | "spaces";
  /** What follows the end of the text could change it. */
  readonly isOpen: boolean;
}

/** What follows a piece matters to it for two characters at the most. */
export const pretokenLookAheadBytes = 8;
/**
 * A piece is cut here, so that a key in a text without any boundary (a megabyte of one letter) does not merge all of it
 * anew. Only what no text is made of has longer ones.
 */
const maxPretokenBytes = 512;

const space = 0x20;
const apostrophe = 0x27;
const contractions = ["s", "t", "re", "ve", "m", "ll", "d"].map((letters) => Buffer.from(letters));

/**
 * How byte-level BPE splits a text before it merges, from left to right: GPT-2's regular expression
 * `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`, read here over bytes. It never looks behind
 * its start. Runs of two spaces and more are taken out first where they have tokens of their own.
 */
export class PreTokenizer {
  readonly #maxSpaceRun: number;

  /** @param maxSpaceRun spaces of the longest run that has a token; every shorter one down to 2 has one too. 0: none has. */
  constructor(maxSpaceRun: number) {
    this.#maxSpaceRun = maxSpaceRun;
  }

  /** The piece that starts at `at`, before `end`. */
  at(bytes: Uint8Array, at: number, end: number): Pretoken {
    const run = this.#spacesAt(bytes, at, end);
    if (run > 1) return { end: at + run, kind: "spaces", isOpen: at + run === end && run < this.#maxSpaceRun };
    if (bytes[at] === apostrophe) {
      const found = contractionAt(bytes, at, end);
      if (found !== undefined) return found;
    }
    // A space belongs to the word behind it.
    const start = bytes[at] === space ? at + 1 : at;
    const first = characterAt(bytes, start, end);
    if (first !== undefined && first.class !== "space") return runOf(first.class, { bytes, at, from: start, end });
    if (first === undefined && start === at) return { end, kind: "word", isOpen: true }; // torn within a character
    return this.#whiteSpaceAt(bytes, at, end);
  }

  /** White space up to the last of it that something else follows: that one may belong to what follows. */
  #whiteSpaceAt(bytes: Uint8Array, at: number, end: number): Pretoken {
    let last = at;
    let to = at;
    for (;;) {
      const next = to - at < maxPretokenBytes ? characterAt(bytes, to, end) : undefined;
      // Of a run of spaces that has a token it is known only with its second one.
      if (to >= end) return { end: to, kind: "word", isOpen: true };
      if (next === undefined || this.#spacesAt(bytes, to, end) > 1) {
        return { end: to, kind: "word", isOpen: next === undefined && to - at < maxPretokenBytes };
      }
      if (next.class !== "space") return { end: last > at ? last : to, kind: "word", isOpen: false };
      last = to;
      to += next.byteLength;
    }
  }

  /** How many spaces stand here; 0 where runs have no tokens. */
  #spacesAt(bytes: Uint8Array, at: number, end: number): number {
    let run = 0;
    while (run < this.#maxSpaceRun && at + run < end && bytes[at + run] === space) run++;
    return run;
  }
}

interface Span {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly from: number;
  readonly end: number;
}

function runOf(kind: CharacterClass, { bytes, at, from, end }: Span): Pretoken {
  let to = from;
  while (to - at < maxPretokenBytes) {
    const next = characterAt(bytes, to, end);
    if (next?.class !== kind) return { end: to, kind: "word", isOpen: next === undefined };
    to += next.byteLength;
  }
  return { end: to, kind: "word", isOpen: false };
}

function contractionAt(bytes: Uint8Array, at: number, end: number): Pretoken | undefined {
  let isOpen = at + 1 >= end;
  for (const letters of contractions) {
    const there = bytes.subarray(at + 1, Math.min(at + 1 + letters.length, end));
    if (!there.every((byte, i) => byte === letters[i])) continue;
    if (there.length === letters.length) return { end: at + 1 + letters.length, kind: "word", isOpen: false };
    isOpen = true;
  }
  return isOpen ? { end: at + 1, kind: "word", isOpen: true } : undefined;
}
