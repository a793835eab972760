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
export const closersRight: Filter = (candidate, { rest }) => {
  const right = rest.trimEnd();
  if (right === "") return candidate;
  const [line = "", ...more] = candidate.text.split("\n");
  if (areOnlyClosers(right)) {
    const shared = sharedClosers(line, right);
    if (more.length > 0 && shared < right.length) return { ...candidate, text: line, replaced: shared };
    return { ...candidate, replaced: shared };
  }
  const overlap = overlapUnits(line, right);
  return { text: line.slice(0, line.length - overlap), replaced: 0 };
};

/** How many units of `right`, from its first, occur in `line` in this order, each unmatched by an opener of `line`. */
function sharedClosers(line: string, right: string): number {
  const unmatched = unmatchedClosers(line);
  let shared = 0;
  for (const unit of unmatched) {
    if (unit === right.charAt(shared)) shared++;
  }
  return shared;
}

const openerOf: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{", ">": "<" };

/** The closers of a text that close nothing in it: what they close stands left of the cursor. */
function unmatchedClosers(line: string): string {
  const open: string[] = [];
  let unmatched = "";
  for (const unit of line) {
    const opener = openerOf[unit];
    if ("([{<".includes(unit)) open.push(unit);
    else if ("\"'`".includes(unit)) {
      if (open.at(-1) === unit) open.pop();
      else if (line.indexOf(unit) === line.lastIndexOf(unit)) unmatched += unit;
      else open.push(unit);
    } else if (opener !== undefined && open.at(-1) === opener) open.pop();
    else if (opener !== undefined || ";,".includes(unit)) unmatched += unit;
  }
  return unmatched;
}

/** The longest end of `line` with which `right` begins. */
function overlapUnits(line: string, right: string): number {
  for (let units = Math.min(line.length, right.length); units > 0; units--) {
    if (right.startsWith(line.slice(-units))) return units;
  }
  return 0;
}
