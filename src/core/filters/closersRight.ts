import type { Filter } from "./filter.js";

const closers = /^[)\]}>"'`;,\s]*$/;

/** True where only closing brackets, quotes and blanks stand right of the cursor. */
export function areOnlyClosers(rest: string): boolean {
  return closers.test(rest);
}

/**
 * Closing brackets and quotes that stand right of the cursor are replaced by the text's own, not doubled: as many of
 * them as the end of the text's first line spells. Where other text stands there, what the two share is left out.
 */
export const closersRight: Filter = (candidate, { typed, rest }) => {
  const right = rest.trimEnd();
  if (right === "") return candidate;
  const [line = "", ...more] = candidate.text.split("\n");
  if (areOnlyClosers(right)) {
    const shared = sharedClosers(unmatchedClosers(typed, line), right);
    if (more.length > 0 && shared < right.length) return { ...candidate, text: line, replaced: shared };
    return { ...candidate, replaced: shared };
  }
  const overlap = overlapUnits(line, right);
  return { text: line.slice(0, line.length - overlap), replaced: 0 };
};

/** How many units of `right`, from its first, occur among the text's closers in this order. */
function sharedClosers(closersOfText: string, right: string): number {
  let shared = 0;
  for (const unit of closersOfText) {
    if (unit === right.charAt(shared)) shared++;
  }
  return shared;
}

const openerOf: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{", ">": "<" };

/** The closers of a text that close nothing in it: what they close stands left of the cursor, in `typed`. */
function unmatchedClosers(typed: string, line: string): string {
  const open: string[] = [];
  let quote = openQuote(typed);
  let unmatched = "";
  for (let at = 0; at < line.length; at++) {
    const unit = line.charAt(at);
    const opener = openerOf[unit];
    if (quote !== undefined) {
      if (unit !== quote || line.charAt(at - 1) === "\\") continue;
      // The string that was open before the cursor ends here; one that the text began itself needs no closer.
      if (open.at(-1) === quote) open.pop();
      else unmatched += unit;
      quote = undefined;
    } else if ("\"'`".includes(unit)) {
      quote = unit;
      open.push(unit);
    } else if ("([{".includes(unit) || (unit === "<" && /[\w$]/.test(line.charAt(at - 1)))) {
      open.push(unit);
    } else if (opener !== undefined && !isArrow(line, at)) {
      // A comparison leaves a `<` that nothing closes.
      while (open.at(-1) === "<" && unit !== ">") open.pop();
      if (open.at(-1) === opener) open.pop();
      else if (unit !== ">" || typed.includes("<")) unmatched += unit;
    } else if (";,".includes(unit) && open.length === 0 && closers.test(line.slice(at))) {
      unmatched += unit;
    }
  }
  return unmatched;
}

/** The `>` of `=>` and `->`. */
function isArrow(line: string, at: number): boolean {
  return line.charAt(at) === ">" && /[-=]/.test(line.charAt(at - 1));
}

/** The quote of a string that is open at the end of a text; undefined outside strings. */
function openQuote(text: string): string | undefined {
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charAt(at);
    if (!"\"'`".includes(unit) || text.charAt(at - 1) === "\\") continue;
    // An apostrophe within a word is no quote.
    if (quote === undefined && unit === "'" && /\w/.test(text.charAt(at - 1))) continue;
    if (quote === undefined) quote = unit;
    else if (quote === unit) quote = undefined;
  }
  return quote;
}

/** The longest end of `line` with which `right` begins. */
function overlapUnits(line: string, right: string): number {
  for (let units = Math.min(line.length, right.length); units > 0; units--) {
    if (right.startsWith(line.slice(-units))) return units;
  }
  return 0;
}
