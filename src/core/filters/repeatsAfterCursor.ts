// Finds the position at which a text within a line begins to repeat the text after the cursor.

/** The text up to the point at which it begins to repeat the text after the cursor. */
export function withoutRepetitionAfterCursor(line: string, afterCursor: string): string {
  const shared = sharedFrom(line, afterCursor);
  return line.slice(0, shared < line.length ? shared : line.length - overlap(line, afterCursor));
}

/**
 * The index at which a text begins to repeat at least one whole word of the text after the cursor; the text's length if
 * it repeats none. The repetition must reach the end of the text, be an argument, or end with a separator, a closer or
 * the punctuation at the end of the line. Within brackets that the text opens, only a repetition up to the text's end
 * counts.
 */
function sharedFrom(line: string, afterCursor: string): number {
  let first: number | undefined;
  for (let at = 0; at < line.length; at++) {
    let shared = 0;
    while (at + shared < line.length && line.charAt(at + shared) === afterCursor.charAt(shared)) shared++;
    const same = afterCursor.slice(0, shared);
    const endsAt = (next: string): boolean => !endsWithWord(same) || !beginsWithWord(next);
    const endsBetweenWords = endsAt(afterCursor.slice(shared)) && endsAt(line.slice(at + shared));
    const startsInsideWord = beginsWithWord(same) && endsWithWord(line.slice(0, at));
    if (!endsBetweenWords || startsInsideWord || !/[\p{L}\p{N}_$]/u.test(same)) continue;
    const isInside = opensBracket(line.slice(0, at));
    const [next, nextAfterCursor] = [line.slice(at + shared), afterCursor.slice(shared)];
    const isWhole = nextAfterCursor.trim() === "";
    if (isWhole && /^[\s;]*$/.test(next)) return isInside ? 0 : at;
    if (hasRecurringNumber(same, line)) continue;
    const isArgument = /^\s*[,;]/.test(next) && /^\s*[)\]}]/.test(nextAfterCursor);
    const isPart = isArgument || /[,;)\]}]\s*$/.test(same) || (isWhole && !endsWithWord(same.trimEnd()));
    if (next.trim() === "" || (isPart && !isInside)) first ??= at;
  }
  return first ?? line.length;
}

/**
 * True if a text consists of numbers and punctuation, and its first number occurs more than once in the line, as in a
 * row of a table.
 */
function hasRecurringNumber(text: string, line: string): boolean {
  const number = /\p{N}+/u.exec(text)?.[0];
  return number !== undefined && isNumeric.test(text) && line.indexOf(number) !== line.lastIndexOf(number);
}

/** True if a bracket is open at the end of a text. */
function opensBracket(text: string): boolean {
  let open = 0;
  for (const unit of text) {
    if (/[([{]/.test(unit)) open++;
    else if (/[)\]}]/.test(unit)) open = Math.max(0, open - 1);
  }
  return open > 0;
}

function beginsWithWord(text: string): boolean {
  return /^[\p{L}\p{N}_$]/u.test(text);
}

function endsWithWord(text: string): boolean {
  return /[\p{L}\p{N}_$]$/u.test(text);
}

/**
 * Length in UTF-16 code units of the longest suffix of `line` that is a prefix of `afterCursor`. Suffixes that consist
 * of numbers, or begin by closing a bracket that `line` opens, do not count.
 */
function overlap(line: string, afterCursor: string): number {
  const endsInWord = endsWithWord(line);
  // A limit may have cut the text within a word, so the text may end with the beginning of a longer word. But a single
  // word may be a different one, such as `err` before `error`, and so may the last word after a separator: `, name`
  // before `, nameOfFile`.
  const beginsWithWholeWord = /^[\p{L}\p{N}_$]+[^\p{L}\p{N}_$]/u.test(line);
  for (let units = Math.min(line.length, afterCursor.length); units > 0; units--) {
    const end = line.slice(-units);
    const endsInsideWord =
      endsInWord && beginsWithWord(afterCursor.slice(units)) && !(units === line.length && beginsWithWholeWord);
    const isInsideWord = /^[\p{L}\p{N}_$]+$/u.test(end) && endsWithWord(line.slice(0, -units));
    if (isInsideWord || endsInsideWord || isNumeric.test(end)) continue;
    if (afterCursor.startsWith(end) && !closesOwn(line, line.length - units)) return units;
  }
  return 0;
}

/** Matches a text of numbers and punctuation only. In a table, such a text may recur by chance. */
const isNumeric = /^(?=.*\p{N})[^\p{L}_$]*$/u;

/** True if the bracket at an index closes one that the same line opens. */
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

/** True if the character at an index is the end of `->` or `=>`. */
export function isArrow(text: string, at: number): boolean {
  return /[-=]/.test(text.charAt(at - 1)) && text.charAt(at) === ">";
}
