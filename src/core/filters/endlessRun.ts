import { framesInside } from "../structure/frame.js";
import type { InsertionPoint } from "../structure/insertionPoint.js";
import type { Filter } from "./filter.js";

/**
 * Maximum length of a run of equal graphemes (characters as readers count them) at the end of a text, in addition to
 * the longest such run in the lines around it.
 */
const maxRun = 8;
/** Like `maxRun`, for a run that is followed by other text. */
const maxFinishedRun = 80;
const maxLiteral = 80;
/** Matches a text that ends with a number, a UUID or a hash, each of which may consist of equal digits. */
const literal =
  /(?<![\w.])(?:0x[\da-f]{1,64}|0b[01]{1,64}|\d{1,21}(?:\.\d{1,18})?|[\da-f]{32}|[\da-f]{40}|[\da-f]{64}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;
/** Matches a ruler of a table with several columns or a border. */
const tableRuler = /^(?=.*(?:[|+]|[-=] +[-=]))[\s|:+=-]+$/;
const openerOf: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
/** Matches every run of more than `maxRun` equal graphemes of at most 16 code points, and other repetitions. */
const mayHoldRun = /(\S{1,16}?)\1{8}/u;
/** Created when it is first needed: creating it takes some milliseconds, which would delay the start. */
let segmenter: Intl.Segmenter | undefined;

/**
 * Cuts a text before the line (in prose, the word) with an endless run of one grapheme, because a small model may
 * repeat one forever. A long run is endless if nothing else follows it, a very long one in any case. Runs like those of
 * the document, such as the rulers of comments, are allowed, and so are the underline of a title, the ruler of a table,
 * numbers, hashes, and closers of open brackets.
 */
export const endlessRun: Filter = (candidate, point) => {
  const { text } = candidate;
  const start = mayHoldRun.test(text) ? runIn(text, point) : undefined;
  if (start === undefined) return candidate;
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const words = text.slice(lineStart, start).replace(/\S+$/, "");
  if (point.state.frame.grammar.isProse && /[\p{L}\p{N}]/u.test(words))
    return { ...candidate, text: text.slice(0, lineStart) + words };
  return { ...candidate, text: text.slice(0, Math.max(0, lineStart - 1)) };
};

/** The offset in UTF-16 code units at which an endless run begins; undefined if there is none. */
function runIn(text: string, point: InsertionPoint): number | undefined {
  let start = 0;
  let last = "";
  const isEndless = (end: number): boolean => {
    if (end - start <= maxRun * last.length) return false;
    const isFinished = text.slice(end).replaceAll(last, "").trim() !== "";
    const before = `${point.linePrefix}${text.slice(0, start)}`;
    const run = text.slice(start, end);
    if (!isFinished && (isUnderline(text, start, { end, point }) || isWhole(before, run))) return false;
    if (end - start <= openBrackets(last, text.slice(0, start), point)) return false;
    const most = (isFinished ? maxFinishedRun : maxRun) * last.length;
    return end - start > most && end - start > most + longestRun(last, before, point);
  };
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  for (const { segment, index } of segmenter.segment(text)) {
    if (segment === last && segment.trim() !== "") continue;
    if (isEndless(index)) return start;
    start = index;
    last = segment;
  }
  return isEndless(text.length) ? start : undefined;
}

/** True if a run completes a literal or the ruler of a table. */
function isWhole(before: string, run: string): boolean {
  const line = before.slice(before.lastIndexOf("\n") + 1) + run;
  return literal.test(line.slice(-maxLiteral)) || (/^[-=]/.test(run) && tableRuler.test(line));
}

/** Number of brackets that are open before a run of their closer; 0 for other graphemes. */
function openBrackets(closer: string, before: string, { state, linePrefix }: InsertionPoint): number {
  const opener = openerOf[closer];
  if (opener === undefined) return 0;
  const openIn = (text: string): number => text.split(opener).length - text.split(closer).length;
  const frames = framesInside(state.frame, 0).filter((frame) => frame.closer === closer).length;
  return Math.max(frames, openIn(linePrefix)) + openIn(before);
}

/**
 * Length in UTF-16 code units of the longest run of a grapheme in the lines above and below, and in the text before.
 * For a letter or digit, the runs of all letters and digits count. 0 if there are only short ones.
 */
function longestRun(grapheme: string, before: string, { above, below }: InsertionPoint): number {
  const isWord = /^[\p{L}\p{N}]$/u.test(grapheme);
  const run = isWord ? "([\\p{L}\\p{N}])\\1" : `(?:${grapheme.replace(/[$()*+./?[\\\]^{|}]/g, "\\$&")})`;
  const runs = new RegExp(`${run}{${maxRun},}`, "gu");
  const lines = [...above.map(({ text }) => text), before, ...below];
  return Math.max(0, ...lines.flatMap((line) => line.match(runs) ?? []).map(({ length }) => length));
}

/** True if the run is the whole line and is no longer than the line above, as the underline of a title is. */
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
