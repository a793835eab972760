import { isBlank, isWordByte, latin1, maxLookAhead, startsWithAt } from "./bytes.js";
import type { Frame } from "./frame.js";
import type { StringRule } from "./grammar.js";
import type { LexerCursor } from "./lexerCursor.js";

const noRule: StringRule = { closer: "", escape: "none", isMultiline: false };

/**
 * Consumes a string up to its closer or to what opens within it, such as an interpolation. A single-line string that
 * reaches the end of its line is unclosed.
 */
export function lexString(cursor: LexerCursor, end: number): void {
  const { bytes } = cursor;
  const rule = cursor.frame.rule ?? noRule;
  const { isHeredoc = false } = rule;
  const first = rule.closer.charCodeAt(0);
  const outerHeredoc = cursor.frame.parent?.heredoc;
  const interpolation = rule.interpolation ?? "";
  const interpolationFirst = interpolation.charCodeAt(0); // NaN if there is none
  for (; cursor.at < end; cursor.at++) {
    const byte = bytes[cursor.at] ?? 0;
    if (outerHeredoc !== undefined && endOuterHeredoc(cursor, outerHeredoc)) return;
    if (byte === 0x60 && rule.interpolation === "$(" && cursor.frame.grammar.backticksHoldCode) {
      cursor.open(cursor.inner("bracket", "`"), 1);
      return;
    }
    if (byte === 0x24 && openExpansion(cursor)) return;
    if (rule.innerQuotes?.includes(String.fromCharCode(byte)) === true && openString(cursor, byte)) return;
    if (byte === 0x0a && !rule.isMultiline) {
      cursor.abandon();
      return;
    }
    if (byte === interpolationFirst && cursor.startsWith(interpolation)) {
      if (interpolation !== "{" || bytes[cursor.at + 1] !== 0x7b) {
        cursor.open(cursor.inner("bracket", interpolation.endsWith("(") ? ")" : "}"), interpolation.length);
        return;
      }
      cursor.at++; // {{ is a literal brace
    } else if (byte === 0x5b && rule.hasClasses === true) cursor.at = classEnd(bytes, cursor.at);
    else if ((byte === 0x5c && rule.escape === "backslash") || (byte === 0x60 && rule.escape === "backtick")) {
      if (bytes[cursor.at + 1] !== 0x0a || rule.isMultiline) cursor.at++;
    } else if (byte === first && cursor.startsWith(rule.closer) && (!isHeredoc || isLineOf(bytes, cursor.at, rule))) {
      const next = bytes[cursor.at + rule.closer.length] ?? 0;
      const isLiteral =
        rule.escape === "doubled" ? next === first : rule.literalBefore?.includes(String.fromCharCode(next)) === true;
      if (!isLiteral) {
        cursor.close(cursor.frame, rule.closer.length);
        return;
      }
      cursor.at += rule.closer.length;
    }
  }
}

/** Enters the string whose quote is here. @returns false if the quote opens none. */
export function openString(cursor: LexerCursor, quote: number): boolean {
  const opening = cursor.frame.grammar.quotes.get(quote)?.(cursor.bytes, cursor.at);
  if (opening === undefined) return false;
  const { rule, length } = opening;
  cursor.open(cursor.inner("string", rule.closer, { rule }), length);
  return true;
}

/**
 * Enters the parameter expansion that begins here. Within it, apostrophes are quotes only in a pattern, and in a
 * heredoc nothing is a quote. @returns false if none begins here.
 */
function openExpansion(cursor: LexerCursor): boolean {
  const { bytes, at, frame } = cursor;
  const { grammar, rule } = frame;
  // ${{ is a placeholder of a workflow or a template.
  if (bytes[at + 1] !== 0x7b || bytes[at + 2] === 0x7b || !grammar.expandsParameters || rule?.interpolation !== "$(")
    return false;
  const isPattern = beginsPattern.test(latin1(bytes, at, at + maxNameBytes));
  const innerQuotes = frame.heredoc === frame || rule.innerQuotes === "" ? "" : isPattern ? `"'` : `"`;
  cursor.open(cursor.inner("bracket", "}", { rule: { ...expansion, innerQuotes } }), 2);
  return true;
}

const expansion: StringRule = { closer: "}", escape: "backslash", isMultiline: true, interpolation: "$(" };

const maxNameBytes = 80;

/** Matches an expansion that removes, replaces or converts what matches a pattern: ${a%.*}, ${a//x/y}, ${a^}. */
const beginsPattern = /^\$\{!?(\w+|[@*#?$!-])(\[[^\]\n]*\])?[#%/^,]/;

/**
 * At the start of a line that begins with the terminator of a heredoc, ends the heredoc and everything open in it.
 * @param nearest the innermost heredoc with `endsInterpolations`.
 */
export function endOuterHeredoc(cursor: LexerCursor, nearest: Frame): boolean {
  const { bytes, at } = cursor;
  if ((bytes[at - 1] ?? 0x0a) !== 0x0a) return false;
  let first = at;
  while (isBlank(bytes[first] ?? 0)) first++;
  let ended: Frame | undefined;
  for (let frame: Frame | undefined = nearest; frame !== undefined; frame = frame.parent?.heredoc) {
    const { closer } = frame;
    if (startsWithAt(bytes, first, closer) && !isWordByte(bytes[first + closer.length] ?? 0)) ended = frame;
  }
  if (ended === undefined) return false;
  cursor.at = first;
  cursor.close(ended, ended.closer.length);
  return true;
}

/** True if a heredoc's closer at `at` is the first word of its line. */
function isLineOf(bytes: Uint8Array, at: number, { closer }: StringRule): boolean {
  let start = at;
  while (isBlank(bytes[start - 1] ?? 0)) start--;
  return (bytes[start - 1] ?? 0x0a) === 0x0a && !isWordByte(bytes[at + closer.length] ?? 0);
}

/** The offset of the bracket that closes a character class, or of its opener if the line has none. */
function classEnd(bytes: Uint8Array, at: number): number {
  for (let end = at + 1; end < at + maxLookAhead; end++) {
    const byte = bytes[end] ?? 0x0a;
    if (byte === 0x5c) end++;
    else if (byte === 0x5d) return end;
    else if (byte === 0x0a) return at;
  }
  return at;
}

/**
 * Enters the block comment that begins here. @param onlyWith the closer that it must have; undefined for any.
 * @returns false if none begins here.
 */
export function openComment(cursor: LexerCursor, onlyWith?: string): boolean {
  const { bytes, at, frame } = cursor;
  for (const [opener, closer, unlessBefore] of frame.grammar.blockComments) {
    if (!cursor.startsWith(opener) || (onlyWith !== undefined && closer !== onlyWith)) continue;
    if (unlessBefore !== undefined && startsWithAt(bytes, at + opener.length, unlessBefore)) continue;
    cursor.open(cursor.inner("comment", closer), opener.length);
    return true;
  }
  return false;
}

/** The closer of a line comment. The newline itself is not part of the comment. */
export const lineEnd = "\n";

export function lexComment(cursor: LexerCursor, end: number): void {
  const { bytes } = cursor;
  const { closer, grammar, embedded } = cursor.frame;
  if (closer === lineEnd && embedded !== undefined) {
    while (cursor.at < end && bytes[cursor.at] !== 0x0a && !cursor.startsWith(embedded.closer)) cursor.at++;
    if (cursor.at < end || bytes[end] === 0x0a) cursor.abandon();
    return;
  }
  if (closer === lineEnd) {
    const found = bytes.indexOf(0x0a, cursor.at);
    cursor.at = Math.min(found === -1 ? bytes.length : found, Math.max(end, cursor.at));
    if (cursor.at === found) cursor.abandon();
    return;
  }
  for (; cursor.at < end; cursor.at++) {
    if (bytes[cursor.at] === closer.charCodeAt(0) && cursor.startsWith(closer)) {
      cursor.close(cursor.frame, closer.length);
      return;
    }
    if (grammar.nestedComments.includes(closer) && openComment(cursor, closer)) return;
  }
}
