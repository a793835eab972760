import { characterAt, type CharacterClass } from "./characters.js";

export interface Pretoken {
  /** Byte offset of the pretoken's end. */
  readonly end: number;
  /** "spaces": a run of spaces that is a single token. */
  readonly kind: "word" | "spaces";
  /** True if text appended at the end could change the pretoken. */
  readonly isOpen: boolean;
}

/** A pretoken depends on at most two characters after it. */
export const pretokenLookAheadBytes = 8;
/**
 * Longer pretokens, which do not occur in normal text, are cut. Otherwise each keystroke in a text without word
 * boundaries (a megabyte of one letter) would merge all of it again.
 */
const maxPretokenBytes = 512;

const space = 0x20;
const apostrophe = 0x27;
const contractions = ["s", "t", "re", "ve", "m", "ll", "d"].map((letters) => Buffer.from(letters));

/**
 * Splits a text from left to right into the words that byte-level BPE merges. It implements GPT-2's regular expression
 * `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+` over bytes, and never looks at bytes
 * before a pretoken. Runs of two or more spaces are matched first if they have tokens.
 */
export class PreTokenizer {
  readonly #maxSpaceRun: number;

  /**
   * @param maxSpaceRun length of the longest run of spaces that is a token; all shorter runs down to 2 are tokens too.
   *   0 if there are none.
   */
  constructor(maxSpaceRun: number) {
    this.#maxSpaceRun = maxSpaceRun;
  }

  /** The pretoken that starts at `at`, in a text that ends at `end`. */
  at(bytes: Uint8Array, at: number, end: number): Pretoken {
    const run = this.#spacesAt(bytes, at, end);
    if (run > 1) return { end: at + run, kind: "spaces", isOpen: at + run === end && run < this.#maxSpaceRun };
    if (bytes[at] === apostrophe) {
      const found = contractionAt(bytes, at, end);
      if (found !== undefined) return found;
    }
    // A space belongs to the word after it.
    const start = bytes[at] === space ? at + 1 : at;
    const first = characterAt(bytes, start, end);
    if (first !== undefined && first.class !== "space") return runOf(first.class, { bytes, at, from: start, end });
    // The text ends within a character.
    if (first === undefined && start === at) return { end, kind: "word", isOpen: true };
    return this.#whiteSpaceAt(bytes, at, end);
  }

  /** The whitespace at `at`, without its last character if a word follows: that character may belong to the word. */
  #whiteSpaceAt(bytes: Uint8Array, at: number, end: number): Pretoken {
    let last = at;
    let to = at;
    for (;;) {
      const next = to - at < maxPretokenBytes ? characterAt(bytes, to, end) : undefined;
      // More text can change this pretoken: a word may follow, or a second space may turn the last space into a run of
      // spaces that is one token.
      if (to >= end) return { end: to, kind: "word", isOpen: true };
      if (next === undefined || this.#spacesAt(bytes, to, end) > 1) {
        return { end: to, kind: "word", isOpen: next === undefined && to - at < maxPretokenBytes };
      }
      if (next.class !== "space") return { end: last > at ? last : to, kind: "word", isOpen: false };
      last = to;
      to += next.byteLength;
    }
  }

  /** The number of spaces at `at`, at most `#maxSpaceRun`. */
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
