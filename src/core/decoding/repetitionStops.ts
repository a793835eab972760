// Finds the position at which a decoded text that repeats itself is cut.

/** Minimum number of adjacent equal substrings that count as a repetition. */
const minCopies = 3;
/**
 * Minimum total length of the copies, in UTF-16 code units. In lists, tables and chains of calls, a short item may
 * recur several times before a different one follows. If the text has ended, nothing else follows, so a smaller total
 * is enough.
 */
const minUnits = 64;
const minUnitsAtEnd = 24;
/**
 * Minimum total length of copies that consist of only two distinct characters, neither letters nor digits. The rulers
 * of comments and tables are shorter.
 */
const minRulerUnits = 200;

/**
 * The length in UTF-16 code units at which a text that repeats itself stops: after the first of the equal substrings at
 * its end. A substring does not count if it is shorter than 4 units or consists of one distinct character. If it
 * consists of only two distinct characters, neither letters nor digits, such as dashes and indentation, it counts if
 * its copies have `minRulerUnits` in total.
 * @returns undefined if the text does not end with such a repetition.
 */
export function repetitionStop(text: string): number | undefined {
  return repetition(text, minUnits);
}

/**
 * Like `repetitionStop`, for a text that has ended. Copies without letters or emoji are kept: numbers and punctuation
 * may recur up to the end, as in a table.
 */
export function repetitionAtEnd(text: string): number | undefined {
  const whole = text.trimEnd();
  const stop = repetition(whole, minUnitsAtEnd);
  return stop !== undefined && /[\p{L}\p{Extended_Pictographic}]/u.test(whole.slice(stop)) ? stop : undefined;
}

/**
 * Like `repetitionStop`, but two equal substrings are enough: a text that ends with them may turn out to repeat itself.
 * The first copy is taken as early as possible, so the result stays the same while the repetition grows.
 */
export function possibleRepetitionStop(text: string): number | undefined {
  let stop: number | undefined;
  for (const { first, period, isRuler } of repetitionsIn(text, 2)) {
    if (isRuler) continue;
    let start = first;
    while (start > 0 && text[start - 1] === text[start - 1 + period]) start--;
    stop = Math.min(stop ?? Infinity, start + period);
  }
  return stop;
}

function repetition(text: string, minRepeatedUnits: number): number | undefined {
  for (const { first, period, isRuler } of repetitionsIn(text, minCopies))
    if (text.length - first >= (isRuler ? minRulerUnits : minRepeatedUnits)) return first + period;
  return undefined;
}

interface Repetition {
  /** Offset of the first copy. */
  readonly first: number;
  /** Length of each copy. */
  readonly period: number;
  /** True if the copies consist of only two distinct characters, neither letters nor digits. */
  readonly isRuler: boolean;
}

/** Yields the repetitions at the end of a text, the shortest substring first. */
function* repetitionsIn(text: string, copies: number): Generator<Repetition> {
  const end = text.length;
  const { mixed, varied } = shortestSuffixes(text);
  const suffix = text.slice(-mixed);
  for (let period = Math.max(4, mixed); period * copies <= end; period++) {
    // Rejects nearly all periods, also in a text with long runs of one character.
    if (!text.startsWith(suffix, end - period - mixed)) continue;
    const last = text.slice(-period);
    let first = end - period;
    while (first >= period && text.startsWith(last, first - period)) first -= period;
    if (end - first >= copies * period) yield { first, period, isRuler: period < varied };
  }
}

/** How far back `shortestSuffixes` looks, in UTF-16 code units. `endlessRun` cuts a longer run of one character. */
const maxVariedUnits = 200;

/**
 * Lengths of the shortest suffixes, in UTF-16 code units; Infinity if there is none. `mixed` has two distinct
 * characters. `varied` has three, or two of which at least one is a letter or a digit.
 */
function shortestSuffixes(text: string): { readonly mixed: number; readonly varied: number } {
  const seen = new Set<string>();
  let units = 0;
  let mixed = Infinity;
  for (const character of Array.from(text.slice(-maxVariedUnits)).reverse()) {
    units += character.length;
    seen.add(character);
    if (seen.size === 2) mixed = Math.min(mixed, units);
    if (seen.size >= 3 || (seen.size === 2 && /[\p{L}\p{N}]/u.test([...seen].join(""))))
      return { mixed, varied: units };
  }
  return { mixed, varied: Infinity };
}
