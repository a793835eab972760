import type { Frame } from "./frame.js";
import { closesBlock, columnsOf } from "./lines.js";

/**
 * True if a line shows that a frame above was never closed, even if a closer further below seems to match it.
 * @param cursorColumns the indentation of the cursor's line.
 */
export function isLeftOpenBefore(line: string, frame: Frame, cursorColumns: number): boolean {
  const { kind, closer, grammar } = frame;
  if (line.trim() === "") return false;
  if (kind === "comment") return leavesComment(line, closer);
  if (closer === "}}") return true; // it ends on its line
  if (kind === "string") return leavesString(line, frame);
  if (/^\s*[)\]}]/.test(line) || closesBlock(line, grammar)) return columnsOf(line) < frame.indent;
  if (closer === ")" || closer === "]") return columnsOf(line) <= frame.indent;
  if (kind === "element" && frame.indent > 0) return leavesElement(line, frame, cursorColumns);
  return leavesMarkup(line, frame) ?? leavesBlock(line, frame, cursorColumns);
}

function leavesString(line: string, { closer, indent }: Frame): boolean {
  if (closer.length === 1) return opensString(line, closer);
  if (closer !== '"""' && closer !== "'''") return false;
  return columnsOf(line) < indent || opensDocstring(line, closer) || beginsDefinition.test(line);
}

function leavesElement(line: string, { indent }: Frame, cursorColumns: number): boolean {
  const columns = columnsOf(line);
  return /^\s*<\//.test(line) ? columns < indent : columns <= indent && cursorColumns >= indent;
}

/** Undefined if indentation decides. */
function leavesMarkup(line: string, { kind, closer, indent, grammar, parent }: Frame): boolean | undefined {
  if (closer === "</template>" && /^<(script|style)\b/.test(line)) return true; // a component's parts
  if (closer === "</script>" || closer === "</style>") return /^\s*<[A-Za-z!/]/.test(line) && !line.includes(closer);
  const isInText = kind === "bracket" && parent?.mode === "text";
  if (isInText && columnsOf(line) <= indent && /^\s*[<{]/.test(line)) return true;
  if (kind === "tag") return /^\s*</.test(line) || (grammar.embedded.has(closer) && !continuesTag.test(line));
  return undefined;
}

/** If the cursor is deeper than a block's opener, the block's content must be, too. */
function leavesBlock(line: string, { indent, grammar }: Frame, cursorColumns: number): boolean {
  return columnsOf(line) <= indent && cursorColumns > indent && !grammar.mayDedent.test(line);
}

/** Matches a line of attributes, or the end of a tag. */
const continuesTag = /^\s*(\/?>|[\w:@.-]+\s*(=\s*["'{]|\/?>|$))/;

/** True if a line seems to contain the opening quotes of a multi-line string. */
function opensDocstring(line: string, closer: string): boolean {
  const at = line.indexOf(closer);
  if (at < 0) return false;
  const before = line.slice(0, at);
  return (
    /[=(,[{:]\s*\w{0,2}$/.test(before) || (/^\s*\w{0,2}$/.test(before) && /^[^\s\])},.:]/.test(line.slice(at + 3)))
  );
}

/** Matches a line of code that is unlikely inside a docstring. */
const beginsDefinition = /^(def \w+\(.*:|class \w+(\(.*\))?:|from [\w.]+ import .+|@\w[\w.]*(\(.*\))?)\s*$/;

/** True if the first quote in a line seems to open a string, so that the string above was never closed. */
function opensString(line: string, quote: string): boolean {
  const at = line.indexOf(quote);
  return at > 0 && /[\s=(,[{+:]$/.test(line.slice(0, at)) && /^[^\s)\],;}+.]/.test(line.slice(at + 1));
}

/**
 * True if a line shows that a comment above was never closed: another comment begins, or code follows the closer, which
 * is then part of a regular expression.
 */
function leavesComment(line: string, closer: string): boolean {
  const opener = { "*/": "/*", "-->": "<!--" }[closer];
  if (opener === undefined) return false;
  const [before = "", ...after] = line.split(closer);
  if (opener === "<!--") return before.includes(opener);
  return before.includes(opener) || (after.join("").trim() !== "" && !/^\s*\*/.test(line));
}
