import type { Frame } from "./frame.js";
import { closesBlock, columnsOf } from "./lines.js";

/** The line with the cursor. */
export interface CursorLine {
  /** The line's indentation in columns, or that of the last statement above in its block if that is greater. */
  readonly columns: number;
  /**
   * True if the line has text before the cursor that does not end with an opener, so that the lines below are not an
   * opener's content.
   */
  readonly isBegun: boolean;
}

/** True if a line shows that a frame above was never closed, even if a closer further below seems to match it. */
export function isLeftOpenBefore(line: string, frame: Frame, cursor: CursorLine): boolean {
  const { kind, closer, grammar } = frame;
  if (line.trim() === "") return false;
  if (/^[}%#]\}$/.test(closer)) return true; // the tag of a template ends on its line
  if (closer === "?>" && /<\?(?:php|=)/.test(line.split(closer)[0] ?? "")) return true;
  if (kind === "comment") return leavesComment(line, frame);
  if (kind === "string") return leavesString(line, frame);
  if (/^\s*[)\]}]/.test(line) || closesBlock(line, grammar)) return isCloserOfOther(line, frame, cursor);
  if (frame.parent?.kind === "string" && (columnsOf(line) <= frame.indent || cursor.isBegun)) return true;
  if (closer === ")" || closer === "]") return leavesArguments(line, frame);
  if (kind === "element" && frame.indent > 0) return leavesElement(line, frame, cursor.columns);
  return leavesMarkup(line, frame) ?? leavesBlock(line, frame, cursor.columns);
}

/**
 * If a brace is indented by more columns than this beyond the cursor's line, it ends no block around the cursor,
 * because no formatter indents it that far.
 */
const farDeeper = 8;

/** True if the closer at the start of a line does not end this frame, because it is indented less or much more. */
function isCloserOfOther(line: string, { closer, indent }: Frame, cursor: CursorLine): boolean {
  const columns = columnsOf(line);
  const isFar = closer === "}" && /^\s*\}/.test(line) && columns > cursor.columns + farDeeper;
  return isFar || columns < indent;
}

function leavesArguments(line: string, { indent, grammar }: Frame): boolean {
  return columnsOf(line) <= indent || (grammar.statementsEndArguments && statement.test(line));
}

/**
 * Matches the beginning of a statement. In languages that allow no statements within expressions, it is hardly ever an
 * argument.
 */
const statement = /^\s*(for|while|switch|return|break|continue|throw|try|const|let|var)\b/;

function leavesString(line: string, { closer, indent, grammar, rule }: Frame): boolean {
  if (closer === '"' && grammar.closersEndStrings && /^\s*[)\]}]+[;,]?$/.test(line)) return true;
  if (rule?.isHeredoc === true) return new RegExp(`<<[<~-]?[ \\t]*["'\`\\\\]?${closer}\\b`).test(line);
  if (closer.length === 1) return opensString(line, closer);
  const rawOpener = rawOpenerOf(closer);
  if (rawOpener !== undefined) return line.includes(rawOpener);
  // All other strings have several quotes at each end.
  const columns = columnsOf(line);
  return columns < indent || opensDocstring(line, closer) || (columns <= indent && beginsDefinition.test(line));
}

/** The opener of a raw string of Rust, C++ or Lua with this closer; undefined for other strings. */
function rawOpenerOf(closer: string): string | undefined {
  if (/^"#+$/.test(closer)) return `r${closer.slice(1)}"`;
  const [, delimiter] = /^\)(.*)"$/.exec(closer) ?? [];
  if (delimiter !== undefined) return `R"${delimiter}(`;
  return /^\]=*\]$/.test(closer) ? closer.replaceAll("]", "[") : undefined;
}

function leavesElement(line: string, { indent }: Frame, cursorColumns: number): boolean {
  const columns = columnsOf(line);
  return /^\s*<\//.test(line) ? columns < indent : columns <= indent && cursorColumns >= indent;
}

/** True if a line shows that a frame in markup was never closed; undefined if indentation decides. */
function leavesMarkup(line: string, { kind, closer, indent, grammar, parent }: Frame): boolean | undefined {
  if (closer === "</template>" && /^<(script|style)\b/.test(line)) return true; // the parts of a Vue component
  if (closer === "</script>" || closer === "</style>") return /^\s*<[A-Za-z!/]/.test(line) && !line.includes(closer);
  const isInText = kind === "bracket" && parent?.mode === "text";
  if (isInText && columnsOf(line) <= indent && /^\s*[<{]/.test(line)) return true;
  if (kind === "tag") return /^\s*</.test(line) || (grammar.embedded.has(closer) && !continuesTag.test(line));
  return undefined;
}

/**
 * True if a line is not indented more than a block's opener but the cursor's line is, so that the block was left open.
 */
function leavesBlock(line: string, { indent, grammar }: Frame, cursorColumns: number): boolean {
  return columnsOf(line) <= indent && cursorColumns > indent && !grammar.mayDedent.test(line);
}

/** Matches a line of attributes, or the end of a tag. */
const continuesTag = /^\s*(\/?>|[\w:@.-]+\s*(=\s*["'{]|\/?>|$))/;

/** True if a line seems to contain the opening quotes of a multi-line string. */
function opensDocstring(line: string, closer: string): boolean {
  const at = line.indexOf(closer);
  if (at === -1) return false;
  const before = line.slice(0, at);
  return (
    /[=(,[{:]\s*\w{0,2}$/.test(before) ||
    (/^\s*\w{0,2}$/.test(before) && /^[^\s\])},.:]/.test(line.slice(at + closer.length)))
  );
}

/** Matches a line of code that is unlikely inside a docstring. */
const beginsDefinition = /^\s*(def \w+\(.*:|class \w+(\(.*\))?:|from [\w.]+ import .+|@\w[\w.]*(\(.*\))?)\s*$/;

/** Matches what may precede the opening quote of a string, such as the `f` of f"…". */
const stringPrefix = /(?<=[\s=(,[{+:])(?:[bcfru]|u8|br|rb|fr|rf|[$@]{1,2})$/i;

/** True if the first quote in a line seems to open a string, so that the string above was never closed. */
export function opensString(line: string, quote: string): boolean {
  const at = line.indexOf(quote);
  if (at <= 0) return false;
  const [start, after] = [line.slice(0, at), line.slice(at + 1)];
  if (after === "") return /\S\s$|[=(,[{+:]$/.test(start); // a multi-line string
  const before = start.replace(stringPrefix, "");
  const isPaired = line.replace(/\\./g, "").split(quote).length % 2 === 1;
  if (isPaired && /[\s=(,[{+:]$/.test(before)) return true;
  if (quote === "'" && /(^|\|\|)\s*$/.test(before) && /^ \w/.test(after)) return true; // strings concatenated in SQL
  return /[\s=(,[{+:]$/.test(before) && /^[^\s)\],;}+.]/.test(after);
}

/**
 * True if a line shows that a comment above was never closed: another comment begins, the line's asterisk belongs to
 * another comment, or code follows the closer, which is then part of a regular expression.
 */
function leavesComment(line: string, { closer, indent }: Frame): boolean {
  if (closer === "*/" && /^\s*\*/.test(line) && Math.abs(columnsOf(line) - indent) > 2) return true;
  const opener = { "*/": "/*", "-->": "<!--" }[closer];
  if (opener === undefined) return false;
  const [before = "", ...after] = line.split(closer);
  if (opener === "<!--") return before.includes(opener);
  return before.includes(opener) || (after.join("").trim() !== "" && !/^\s*\*/.test(line));
}
