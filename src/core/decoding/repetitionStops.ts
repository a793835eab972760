// Finds the place at which a decoded text that repeats itself stops.

/** Minimum number of equal substrings, one after the other, that are a repetition. */
const minCopies = 3;
/**
 * Minimum number of UTF-16 code units of all the copies: in lists, tables and chains of calls, a short item may recur
 * several times before another one follows. A text that ends with copies had none to follow.
 */
const minUnits = 64;
const minUnitsAtEnd = 24;

/**
 * The length in UTF-16 code units at which a text that repeats itself stops: after the first of the equal substrings at
 * its end. Substrings shorter than 4 units do not count, nor do those of one distinct character, or of two that are
 * neither letters nor digits, such as dashes and indentation.
 * @returns undefined if the text does not end with such a repetition.
 */
export function repetitionStop(text: string): number | undefined {
  return repetition(text, minUnits);
}

/** The same for a text that has ended. Numbers may recur up to its end, and so may signs, as in a table. */
export function repetitionAtEnd(text: string): number | undefined {
  const whole = text.trimEnd();
  const stop = repetition(whole, minUnitsAtEnd);
  return stop !== undefined && /[\p{L}\p{Extended_Pictographic}]/u.test(whole.slice(stop)) ? stop : undefined;
}

/**
 * As `repetitionStop`, for a text that may turn out to repeat itself, because it ends with two equal substrings. The
 * first of them begins as early as possible, so the length stays the same while the text repeats itself.
 */
export function possibleRepetitionStop(text: string): number | undefined {
  let stop: number | undefined;
  for (const { first, period } of repetitionsIn(text, 2)) {
    let start = first;
    while (start > 0 && text[start - 1] === text[start - 1 + period]) start--;
    stop = Math.min(stop ?? Infinity, start + period);
  }
  return stop;
}

function repetition(text: string, minRepeatedUnits: number): number | undefined {
  for (const { first, period } of repetitionsIn(text, minCopies))
    if (text.length - first >= minRepeatedUnits) return first + period;
  return undefined;
}

/** The equal substrings at the end of a text: the offset of the first and the length of each, the shortest first. */
function* repetitionsIn(text: string, copies: number): Generator<{ readonly first: number; readonly period: number }> {
  const end = text.length;
  for (let period = Math.max(4, minVariedUnits(text)); period * copies <= end; period++) {
    // This one comparison rejects nearly all periods.
    if (text.charCodeAt(end - 1) !== text.charCodeAt(end - 1 - period)) continue;
    const last = text.slice(-period);
    let first = end - period;
    while (first >= period && text.startsWith(last, first - period)) first -= period;
    if (end - first >= copies * period) yield { first, period };
  }
}

/** A longer run of two characters is `endlessRun`'s. */
const maxVariedUnits = 200;

/** Number of UTF-16 code units of the shortest suffix that is varied enough to count. */
function minVariedUnits(text: string): number {
  const seen = new Set<string>();
  let units = 0;
  for (const character of Array.from(text.slice(-maxVariedUnits)).reverse()) {
    units += character.length;
    seen.add(character);
    if (seen.size >= 3 || (seen.size === 2 && /[\p{L}\p{N}]/u.test([...seen].join("")))) return units;
  }
  return Infinity;
}
