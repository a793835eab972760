import type { InsertionPoint } from "./insertionPoint.js";
import type { CodeLine } from "./lines.js";

/**
 * True for a text that mixes tabs and spaces as its document does. Its lines already have indentations that occur in
 * the document, and the width of a tab is unknown, so reindenting would not improve it.
 */
export function isInMixedStyle(text: string, { linePrefix, above, below }: InsertionPoint): boolean {
  const [first = "", ...own] = text.split("\n").filter((line) => line.trim() !== "");
  if (own.length === 0) return false;
  const document = [...above.map((line) => line.text), ...below];
  // Arguments and continuation lines may be indented with spaces in any style.
  const statements = above.filter(({ kind, start }) => kind === "statement" && start.closer !== ")");
  if (!isMixed([...statements.map((line) => line.text), ...below])) return false;
  const known = new Set(document.map(indentationOf));
  if (linePrefix.trim() === "" && !known.has(indentationOf(linePrefix + first))) return false;
  const isImitated =
    isMixed([linePrefix + first, ...own]) || (isHalfTabs(document) && own.every(isIndentedForHalfTabs));
  return isImitated && own.every((line) => known.has(indentationOf(line)));
}

/**
 * True for a line within parentheses that has the same indentation as another line within parentheses above. Some
 * styles, such as BSD's, indent these lines with spaces and blocks with tabs.
 */
export function isArgumentInDocumentStyle({ start, text }: CodeLine, { above }: InsertionPoint): boolean {
  const present = indentationOf(text);
  return (
    start.closer === ")" && above.some((line) => line.start.closer === ")" && indentationOf(line.text) === present)
  );
}

/** True if some lines begin with tabs and some with spaces, and neither is rare. */
function isMixed(lines: readonly string[]): boolean {
  const tabs = lines.filter((line) => line.startsWith("\t")).length;
  const blanks = lines.filter((line) => /^ {2,}[^\s*]/.test(line)).length;
  return Math.min(tabs, blanks) * 20 >= Math.max(tabs, blanks) && Math.min(tabs, blanks) > 0;
}

/** True if levels alternate between spaces and an eight-column tab, as in the sources of GNU and zsh. */
function isHalfTabs(lines: readonly string[]): boolean {
  return lines.some((line) => /^\t+ {2,4}\S/.test(line)) && lines.every(isIndentedForHalfTabs);
}

function isIndentedForHalfTabs(line: string): boolean {
  return !/^\t* {8}/.test(line);
}

function indentationOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}
