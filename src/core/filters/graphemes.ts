// Graphemes: characters as readers count them, such as an emoji of several code points.
import type { InsertionPoint } from "../structure/insertionPoint.js";
import type { Filter } from "./filter.js";

/** Equal graphemes in a row that a text may have even if the document has no such run. */
const maxRun = 8;
const maxZeros = 18;
/** Matches a text that ends with a number such as 1000000000. */
const roundNumber = /(?<![\w.])[1-9]\d{0,2}0{1,18}$/;
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** Matches every run of more than `maxRun` equal graphemes of at most 16 code points, and other repetitions. */
const mayHoldRun = /(\S{1,16}?)\1{8}/u;

/**
 * Cuts a text before a word with a long run of one grapheme, because a small model may repeat one without end. Runs
 * like those of the document, such as the rulers of comments, are allowed, and so is the underline of a title.
 */
export const endlessRun: Filter = (candidate, point) => {
  const { text } = candidate;
  const start = mayHoldRun.test(text) ? runIn(text, point) : undefined;
  if (start === undefined) return candidate;
  const before = text.slice(0, start).replace(/\S+$/, "");
  // If only signs are left of the line, such as the opener of a comment, the line is cut as well.
  const lastLine = before.slice(before.lastIndexOf("\n") + 1);
  return { ...candidate, text: /[\p{L}\p{N}]/u.test(lastLine) ? before : before.slice(0, -lastLine.length - 1) };
};

/** The offset in UTF-16 units at which a run begins that is too long; undefined if there is none. */
function runIn(text: string, point: InsertionPoint): number | undefined {
  let start = 0;
  let last = "";
  const isEndless = (end: number): boolean => {
    const most = maxRun * last.length;
    if (end - start <= most || isUnderline(text, start, { end, point })) return false;
    if (roundNumber.test(point.linePrefix.slice(-maxZeros) + text.slice(0, end))) return false;
    return end - start > most + longestRun(last, `${point.linePrefix}${text.slice(0, start)}`, point);
  };
  for (const { segment, index } of segmenter.segment(text)) {
    if (segment === last && segment.trim() !== "") continue;
    if (isEndless(index)) return start;
    start = index;
    last = segment;
  }
  return isEndless(text.length) ? start : undefined;
}

/**
 * UTF-16 units of the longest run of a grapheme in the lines above and below, and in the text before. For a letter or
 * digit, the runs of all letters and digits count.
 */
function longestRun(grapheme: string, before: string, { above, below }: InsertionPoint): number {
  const isWord = /^[\p{L}\p{N}]$/u.test(grapheme);
  const run = isWord ? "([\\p{L}\\p{N}])\\1" : `(?:${grapheme.replace(/[$()*+./?[\\\]^{|}]/g, "\\$&")})`;
  const runs = new RegExp(`${run}{${maxRun},}`, "gu");
  const lines = [...above.map(({ text }) => text), before, ...below];
  return Math.max(0, ...lines.flatMap((line) => line.match(runs) ?? []).map(({ length }) => length));
}

/** True if a line consists only of the run, which is no longer than the line above. */
function isUnderline(
  text: string,
  start: number,
  { end, point: { linePrefix, above } }: { readonly end: number; readonly point: InsertionPoint },
): boolean {
  const all = (linePrefix + text.slice(0, end)).split("\n");
  const underline = all.at(-1)?.trim() ?? "";
  const title = (all.at(-2) ?? above.at(-1)?.text ?? "").trim();
  return underline.length <= title.length && Array.from(underline).every((sign) => text.startsWith(sign, start));
}

/** A text without a last grapheme that is incomplete: half a flag, half a surrogate pair, or a joiner that joins nothing. */
export function withoutHalfGrapheme(text: string): string {
  const whole = text.replace(/[\u200d\ud800-\udbff]+$/, "");
  const flags = /\p{Regional_Indicator}+$/u.exec(whole)?.[0].length ?? 0;
  return flags % 4 === 0 ? whole : whole.slice(0, -2);
}
