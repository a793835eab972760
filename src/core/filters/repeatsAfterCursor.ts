// Where a text within a line begins to repeat the rest of that line.

/** The part of a text that is not a repetition of the text after the cursor. */
export function beforeRest(line: string, right: string): string {
  const shared = sharedFrom(line, right);
  return line.slice(0, shared < line.length ? shared : line.length - overlap(line, right));
}

/**
 * The index at which a text begins to repeat at least one whole word of the text after the cursor; the text's length if
 * it repeats none. The text must end while it repeats, or repeat an argument or everything up to a sign. Between brackets
 * of its own, the text may contain any words.
 */
function sharedFrom(line: string, right: string): number {
  let first: number | undefined;
  for (let at = 0; at < line.length; at++) {
    let shared = 0;
    while (at + shared < line.length && line.charAt(at + shared) === right.charAt(shared)) shared++;
    const same = right.slice(0, shared);
    const endsAt = (next: string): boolean => !endsWithWord(same) || !beginsWithWord(next);
    const endsBetweenWords = endsAt(right.slice(shared)) && endsAt(line.slice(at + shared));
    const startsInsideWord = beginsWithWord(same) && endsWithWord(line.slice(0, at));
    if (!endsBetweenWords || startsInsideWord || !/[\p{L}\p{N}_$]/u.test(same)) continue;
    const isInside = opensBracket(line.slice(0, at));
    const [rest, after] = [line.slice(at + shared), right.slice(shared)];
    const isWhole = after.trim() === "";
    if (isWhole && /^[\s;]*$/.test(rest)) return isInside ? 0 : at;
    if (isNumber.test(same) && line.split(/\p{N}+/u.exec(same)?.[0] ?? "").length > 2) continue; // numbers recur in a table
    const isArgument = /^\s*[,;]/.test(rest) && /^\s*[)\]}]/.test(after);
    const isPart = isArgument || /[,;)\]}]\s*$/.test(same) || (isWhole && !endsWithWord(same.trimEnd()));
    if (rest.trim() === "" || (isPart && !isInside)) first ??= at;
  }
  return first ?? line.length;
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
 * Length in UTF-16 code units of the longest suffix of `line` that is a prefix of `right`, and neither begins by
 * closing what `line` opens nor consists of numbers.
 */
function overlap(line: string, right: string): number {
  for (let units = Math.min(line.length, right.length); units > 0; units--) {
    const end = line.slice(-units);
    const endsInsideWord = endsWithWord(end) && beginsWithWord(right.slice(units));
    if (right.startsWith(end) && !endsInsideWord && !isNumber.test(end) && !closesOwn(line, line.length - units))
      return units;
  }
  return 0;
}

/** Matches numbers and signs: numbers recur in a table. */
const isNumber = /^(?=.*\p{N})[^\p{L}_$]*$/u;

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

/** True if the sign at an index is the end of `->` or `=>`. */
export function isArrow(text: string, at: number): boolean {
  return /[-=]/.test(text.charAt(at - 1)) && text.charAt(at) === ">";
}
