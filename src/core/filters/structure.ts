import { mayStayOpen } from "../structure/completing.js";
import { opensLevel } from "../structure/lines.js";
import { fitted } from "../structure/insertion.js";
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import { areClosersOnly, isBeforeLine } from "../structure/trace.js";
import { endsBeforeCloser } from "./plainBrackets.js";
import type { Filter } from "./filter.js";
import { withoutRepetitionAfterCursor, isArrow } from "./repeatsAfterCursor.js";
import { needsComma } from "./separators.js";

/**
 * Ensures that the insertion closes nothing twice and leaves nothing open that was closed. A text that becomes a line
 * of its own above the text after the cursor is rejected if it needs closers, because the line below is not the body of
 * a block that the text opens.
 */
export const structure: Filter = ({ text }, point) => {
  const fit = fitted(text, point);
  return fit !== undefined && isBeforeLine(point) && !text.startsWith(fit.text) ? undefined : fit;
};

/**
 * If more than closers follows the cursor on its line, the insertion must usually stay within that line: it is cut
 * before a newline, before it repeats the text after the cursor, and before it ends the statement.
 */
export const lineContinues: Filter = (whole, point) => {
  const { afterCursor, state } = point;
  const candidate = endsBeforeCloser(whole, point);
  const quoted = state.frame.kind === "string" ? candidate : endsBeforeQuote(candidate, point);
  // Inside a complete tag, the text may contain the tag's end and replace it.
  const isInTag =
    state.frame.kind === "tag" && candidate.text.includes(">") && /^>(<\/[\w.:-]+>)?\s*$/.test(afterCursor);
  if (isInTag) return candidate;
  // An empty string is an operand, not two closers.
  const isEmptyString = state.frame.mode === "code" && /^\s*(["'`])\1(?!\1)/.test(afterCursor);
  if (areClosersOnly(afterCursor) && !isEmptyString) return endsBeforeAngle(quoted, point);
  // A body between an opener and its closer may span lines.
  if (/^[^\S\n]*\n/.test(candidate.text) && /^\s*([)\]}]|<\/|\*\/)/.test(afterCursor)) return candidate;
  const [line = ""] = quoted.text.split("\n");
  const own = withoutRepetitionAfterCursor(line, afterCursor);
  if (own === line && endsLine(quoted.text, point)) return withLineEnd({ ...candidate, text: line }, point);
  const text = endsStatement(own, point) ? own.trimEnd().slice(0, -1).trimEnd() : own;
  return endsBeforeAngle({ ...candidate, text }, point);
};

/**
 * True if a text is a line of its own above the text after the cursor, rather than the beginning of that line. A line
 * that opens a block is not complete. If the text after the cursor begins with an operator, arguments or a member, it
 * continues the text, unless both begin with the same character, as rows and links of a chain do. Decoding may have
 * stopped before the line's end: without a newline, only a semicolon directly before a word shows that the line is
 * complete.
 */
function endsLine(text: string, point: InsertionPoint): boolean {
  const { state } = point;
  const after = point.afterCursor.trimStart();
  const [line] = point.linesOf(text);
  if (!isBeforeLine(point) || line === undefined || line.text.trim() === "") return false;
  const isAlike = after.startsWith(line.text.trimStart().charAt(0));
  if (!isAlike && (/^[.,;:=?&|+%^~!(\\]/.test(after) || beginsWithOperator(after))) return false;
  if (opensLevel(line) || line.end.depth > state.frame.depth) return false;
  if (text.includes("\n")) return true;
  const isStatement = text.endsWith(";") && line.end.mode === "code" && !/\bfor\b[^)]*$/.test(text);
  return isStatement && /^[\p{L}_$]/u.test(point.afterCursor);
}

/** True if a text begins with an operator that is a word, such as `instanceof`. */
function beginsWithOperator(text: string): boolean {
  return /^\s*(?:as|in|instanceof|is|of|satisfies)\b/.test(text);
}

/**
 * Adds a newline after the text, and a comma before it if the text is an item that needs one. Undefined if a line
 * around the text ends with a backslash and the text does not, or if the text is only a word that begins a line.
 */
function withLineEnd(candidate: Insertion, point: InsertionPoint): Insertion | undefined {
  const { linePrefix, afterCursor, above } = point;
  const isContinued = [above.at(-1)?.text ?? "", afterCursor].some((line) => /\\\s*$/.test(line));
  if (isContinued && !/\\\s*$/.test(candidate.text)) return undefined;
  if (isBeginning(candidate.text.trim(), point)) return undefined;
  const comma = needsComma(candidate.text, point) ? "," : "";
  return { ...candidate, text: `${candidate.text.trimEnd()}${comma}\n${linePrefix}` };
}

/**
 * True for a keyword such as `await` or `return` that the text after the cursor continues, so it is not a line of its
 * own.
 */
function isBeginning(word: string, { afterCursor, state: { frame } }: InsertionPoint): boolean {
  const { lineComments } = frame.grammar;
  if (frame.mode !== "code" || lineComments.length === 0 || /^[)\]]$/.test(frame.closer)) return false;
  if (word === "return") return !mayFollowReturn.test(afterCursor);
  return (lineComments.includes("//") ? /^(?:async|await|go|defer)$/ : /^(?:async|await|sudo)$/).test(word);
}

/**
 * Matches text that can be reached or used although it follows a `return`: another branch, a label, a function, a
 * comment.
 */
const mayFollowReturn =
  /^\s*(?:(?:(?:async\s+)?function|case|default|when|else\w*|els?if|end\w*|fi|done|esac|rescue|ensure|until)\b|\w+:\s*$|\/\/|#)/;

/**
 * Ends the insertion before a `>` that would duplicate the `>` after the cursor, if that one closes a `<` before the
 * cursor: of a type, an include, or a tag in a string. The lexer does not count these as brackets.
 */
function endsBeforeAngle(candidate: Insertion, { linePrefix, afterCursor, state }: InsertionPoint): Insertion {
  if (!afterCursor.trimStart().startsWith(">")) return candidate;
  const opener = /^(string|text)$/.test(state.frame.mode) ? /<\/?[\w.:-]*$/ : /(\w|#\s*include)\s*<[^<>()]*$/;
  const isOpen = opener.test(linePrefix);
  const isAfterCursor = (text: string): boolean => !linePrefix.includes("<") && text.trimEnd() === afterCursor.trim();
  let open = 0;
  for (let at = 0; at < candidate.text.length; at++) {
    const unit = candidate.text.charAt(at);
    if (unit === "<") open++;
    else if (unit === ">" && !isArrow(candidate.text, at) && --open < 0) {
      const isDoubled = isOpen || isAfterCursor(candidate.text.slice(at));
      return isDoubled ? { ...candidate, text: candidate.text.slice(0, at) } : candidate;
    }
  }
  return candidate;
}

/**
 * Cuts a text before a quote if the cursor is between two quotes that the lexer does not treat as a string, such as
 * those around a character, a shell's backticks or code in a sentence.
 */
function endsBeforeQuote(candidate: Insertion, { linePrefix, afterCursor, state }: InsertionPoint): Insertion {
  const quote = /^["'`]/.exec(afterCursor)?.[0];
  if (quote === undefined || linePrefix.split(quote).length % 2 === 1) return candidate;
  const isText =
    quote !== "'" && (state.frame.mode === "comment" || !state.frame.grammar.quotes.has(quote.charCodeAt(0)));
  const at = linePrefix.endsWith(quote) || isText ? candidate.text.indexOf(quote) : -1;
  return at === -1 ? candidate : { ...candidate, text: candidate.text.slice(0, at) };
}

/**
 * True if a text ends with a semicolon although the text after the cursor continues the statement. A comment, the end
 * of a macro's line, a brace or another statement does not continue it.
 */
function endsStatement(text: string, point: InsertionPoint): boolean {
  const { linePrefix, afterCursor, state } = point;
  if (!/;\s*$/.test(text) || /\bfor\b[^)]*$/.test(linePrefix)) return false;
  if (point.linesOf(text).at(-1)?.end.mode !== "code" || mayStayOpen(afterCursor, state.frame.grammar)) return false;
  // The brace may end an object.
  if (/^\s*\}/.test(afterCursor)) return state.frame.grammar.dropsSemicolonBeforeBrace;
  return beginsWithOperator(afterCursor) || !/^\s*[\\\p{L}_$]/u.test(afterCursor);
}
