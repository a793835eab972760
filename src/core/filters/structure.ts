import { fitted } from "../structure/insertion.js";
import type { Insertion } from "../structure/insertionPoint.js";
import { areClosersOnly } from "../structure/trace.js";
import { endsBeforeCloser } from "./plainBrackets.js";
import type { Filter } from "./filter.js";

/** Ensures that the insertion closes nothing twice and leaves nothing open that was closed. */
export const structure: Filter = ({ text }, point) => fitted(text, point);

/**
 * If more than closers follows the cursor on its line, the insertion must usually stay within that line: it is cut
 * before a newline, before it repeats the text after the cursor, and before it ends the statement.
 */
export const lineContinues: Filter = (whole, point) => {
  const { linePrefix, afterCursor, state } = point;
  const candidate = endsBeforeCloser(whole, point);
  const quoted = state.frame.kind === "string" ? candidate : endsBeforeQuote(candidate, { linePrefix, afterCursor });
  // Inside a complete tag, the text may contain the tag's end and replace it.
  const isInTag =
    state.frame.kind === "tag" && candidate.text.includes(">") && /^>(<\/[\w.:-]+>)?\s*$/.test(afterCursor);
  if (isInTag) return candidate;
  if (areClosersOnly(afterCursor)) return endsBeforeAngle(quoted, { linePrefix, afterCursor });
  // A body between an opener and its closer may span lines.
  if (/^[^\S\n]*\n/.test(candidate.text) && /^\s*([)\]}]|<\/|\*\/)/.test(afterCursor)) return candidate;
  const [line = ""] = quoted.text.split("\n");
  const cut = line.slice(0, sharedFrom(line, afterCursor));
  const text = withoutSemicolon(cut.slice(0, cut.length - overlap(cut, afterCursor)));
  return endsBeforeAngle({ ...candidate, text }, { linePrefix, afterCursor });
};

type LineParts = Readonly<Record<"linePrefix" | "afterCursor", string>>;

/**
 * Ends the insertion before a `>` that would duplicate the one after the cursor, which closes a `<` before it. The
 * lexer does not count these as brackets.
 */
function endsBeforeAngle(candidate: Insertion, { linePrefix, afterCursor }: LineParts): Insertion {
  if (!afterCursor.trimStart().startsWith(">") || !/(\w|#\s*include)\s*<[^<>()]*$/.test(linePrefix)) return candidate;
  let open = 0;
  for (let at = 0; at < candidate.text.length; at++) {
    const unit = candidate.text.charAt(at);
    if (unit === "<") open++;
    else if (unit === ">" && !isArrow(candidate.text, at) && --open < 0) {
      return { ...candidate, text: candidate.text.slice(0, at) };
    }
  }
  return candidate;
}

/** True if the sign at an index is the end of `->` or `=>`. */
function isArrow(text: string, at: number): boolean {
  return /[-=]/.test(text.charAt(at - 1)) && text.charAt(at) === ">";
}

/**
 * Does not add a third quote between two quotes that the lexer does not take for a string, such as those around a
 * character or a shell's backticks.
 */
function endsBeforeQuote(candidate: Insertion, { linePrefix, afterCursor }: LineParts): Insertion {
  const quote = linePrefix.at(-1) ?? "";
  if (!/["'`]/.test(quote) || !afterCursor.startsWith(quote)) return candidate;
  const at = candidate.text.indexOf(quote);
  return at === -1 ? candidate : { ...candidate, text: candidate.text.slice(0, at) };
}

/**
 * The index at which a text begins to repeat at least one whole word of the text after the cursor; the text's length if
 * it repeats none.
 */
function sharedFrom(line: string, right: string): number {
  for (let at = 0; at < line.length; at++) {
    let shared = 0;
    while (at + shared < line.length && line.charAt(at + shared) === right.charAt(shared)) shared++;
    const same = right.slice(0, shared);
    const endsAt = (next: string): boolean => !endsWithWord(same) || !beginsWithWord(next);
    const endsBetweenWords = endsAt(right.slice(shared)) && endsAt(line.slice(at + shared));
    const startsInsideWord = beginsWithWord(same) && endsWithWord(line.slice(0, at));
    if (endsBetweenWords && !startsInsideWord && /[\p{L}\p{N}_$]/u.test(same)) return at;
  }
  return line.length;
}

function beginsWithWord(text: string): boolean {
  return /^[\p{L}\p{N}_$]/u.test(text);
}

function endsWithWord(text: string): boolean {
  return /[\p{L}\p{N}_$]$/u.test(text);
}

/**
 * Length in UTF-16 code units of the longest suffix of `line` that is a prefix of `right` and does not begin by closing
 * what `line` opens.
 */
function overlap(line: string, right: string): number {
  for (let units = Math.min(line.length, right.length); units > 0; units--) {
    if (right.startsWith(line.slice(-units)) && !closesOwn(line, line.length - units)) return units;
  }
  return 0;
}

/** True if the bracket at an index of a line closes one of the line. */
function closesOwn(line: string, at: number): boolean {
  const closer = line.charAt(at);
  const opener = { ")": "(", "]": "[", "}": "{", ">": "<" }[closer];
  if (opener === undefined) return false;
  let open = 0;
  for (let i = 0; i < at; i++) {
    if (line.charAt(i) === opener) open++;
    else if (line.charAt(i) === closer && !isArrow(line, i)) open = Math.max(0, open - 1);
  }
  return open > 0;
}

function withoutSemicolon(text: string): string {
  const trimmed = text.trimEnd();
  return trimmed.endsWith(";") ? trimmed.slice(0, -1).trimEnd() : text;
}
