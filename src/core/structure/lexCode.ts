import { lexBlockWord } from "./blockWords.js";
import { followsValue, isBlank, isWordByte, latin1, lineAt, maxLookAhead } from "./bytes.js";
import { byteClass } from "./byteClasses.js";
import type { StringRule } from "./grammar.js";
import { closeBracket } from "./closing.js";
import { startsTag, openTag } from "./lexMarkup.js";
import type { LexerCursor } from "./lexerCursor.js";
import { endOuterHeredoc, lineEnd, openComment, openString } from "./lexStrings.js";

/** Skips plain bytes of code, then consumes one token. */
export function lexCode(cursor: LexerCursor, end: number): void {
  const { bytes } = cursor;
  if (cursor.frame.heredoc !== undefined && endOuterHeredoc(cursor, cursor.frame.heredoc)) return;
  if (cursor.frame.grammar.commentLine?.test(lineFrom(cursor, end)) === true) {
    cursor.open(cursor.inner("comment", lineEnd), 1);
    return;
  }
  const { classes } = cursor.frame;
  let at = cursor.at;
  while (at < end && classes[bytes[at] ?? 0] === byteClass.plain) at++;
  cursor.at = at;
  if (at >= end) return;
  const byte = bytes[at] ?? 0;
  switch (classes[byte]) {
    case byteClass.lineEnd:
      cursor.newLine();
      return;
    case byteClass.escape:
      // The escaped character may itself be an escape of two bytes: $\n in Erlang.
      cursor.at += bytes[at + 1] === 0x0a ? 1 : bytes[at + 1] === 0x5c && byte !== 0x5c ? 3 : 2;
      return;
    case byteClass.word:
      lexBlockWord(cursor);
      return;
    case byteClass.bracket:
      if (!endEmbedded(cursor)) lexBracket(cursor, byte);
      return;
    default:
      if (byte === 0x23 && cursor.frame.grammar.hasDirectives && cursor.columnsIfFirst !== undefined) {
        cursor.followDirective();
        return;
      }
      if (openComment(cursor) || openLineComment(cursor) || openString(cursor, byte) || endEmbedded(cursor)) return;
      if (cursor.startsWith("<<") && startHeredoc(cursor)) return;
      if (startsTag(cursor)) openTag(cursor);
      else lexBracket(cursor, byte);
  }
}

/** At the start of a line, skips its indentation and returns as much of the line as `commentLine` needs. */
function lineFrom(cursor: LexerCursor, end: number): string {
  if (cursor.at <= cursor.lineFirst && cursor.lineFirst < end) cursor.at = cursor.lineFirst;
  const columns = cursor.columnsIfFirst;
  if (columns === undefined || cursor.at >= end) return "";
  return " ".repeat(columns) + lineAt(cursor.bytes, cursor.at, cursor.at + maxLookAhead);
}

const openers: Readonly<Record<number, string>> = { 0x28: ")", 0x5b: "]", 0x7b: "}" };

function lexBracket(cursor: LexerCursor, byte: number): void {
  const closer = openers[byte];
  if (closer !== undefined) cursor.open(cursor.inner("bracket", closer), 1);
  else if (byte === 0x29 || byte === 0x5d || byte === 0x7d) cursor.closeWith(String.fromCharCode(byte));
  else if (byte === 0x3b) cursor.endStatement();
  else if (byte === 0x60 && cursor.frame.grammar.backticksHoldCode) lexBacktick(cursor);
  else if (byte === 0x2f && startsRegularExpression(cursor)) {
    cursor.open(cursor.inner("string", "/", { rule: regularExpression }), 1);
  } else cursor.at++;
}

/**
 * At the second of two backticks, ends the code between them and everything open in it; at the first, enters that code.
 */
function lexBacktick(cursor: LexerCursor): void {
  const closed = closeBracket(cursor.frame, "`", undefined);
  if (closed === undefined) cursor.open(cursor.inner("bracket", "`"), 1);
  else cursor.close(closed, 1);
}

function openLineComment(cursor: LexerCursor): boolean {
  const { bytes, at, frame } = cursor;
  if (!frame.grammar.lineComments.some((opener) => cursor.startsWith(opener))) return false;
  // In PHP, `#[` begins an attribute.
  if (bytes[at] === 0x23 && bytes[at + 1] === 0x5b && frame.grammar.decorator.test("#[")) return false;
  if (isInFormat(cursor)) return false;
  if (frame.closer === ")" && frame.grammar.hasUnquotedUrls && isInUrl(bytes, at)) return false;
  const before = bytes[at - 1] ?? 0x0a;
  if (frame.grammar.commentsNeedBlank && !isBlank(before) && before !== 0x0a && before !== 0x3b) return false;
  cursor.open(cursor.inner("comment", lineEnd), 1);
  return true;
}

/**
 * True in the format specifier of an interpolation, in which `#` starts no comment: {id:#x}. Other colons in an
 * interpolation, such as those of slices and conditions, are in brackets or strings.
 */
function isInFormat({ bytes, at, frame }: LexerCursor): boolean {
  if (frame.parent?.rule?.interpolation !== "{") return false;
  let depth = 0;
  for (let before = at - 1; before > 0 && at - before <= maxFormatBytes; before--) {
    const byte = bytes[before] ?? 0;
    if (byte === 0x22 || byte === 0x27) before = bytes.lastIndexOf(byte, before - 1);
    else if (byte === 0x29 || byte === 0x5d || byte === 0x7d) depth++;
    else if (openers[byte] !== undefined) depth--;
    else if (byte === 0x3a && depth === 0) return true;
    if (depth < 0) return false;
  }
  return false;
}

const maxFormatBytes = 200;

/** True within an unquoted URL, in which `//` starts no comment: url(//a/b). */
function isInUrl(bytes: Uint8Array, at: number): boolean {
  return /url\([^\s"')]*$/.test(latin1(bytes, at - maxHeredocBytes, at));
}

/** Records the heredoc that begins here, whose text begins on the next line. `1<<n` and `((1 << n))` begin none. */
function startHeredoc(cursor: LexerCursor): boolean {
  const { bytes, at, frame } = cursor;
  const before = bytes[at - 1] ?? 0x0a;
  const isArithmetic = frame.closer === ")" && frame.parent?.closer === ")";
  if (isArithmetic || isWordByte(before) || before === 0x3c || before === 0x29 || before === 0x5d) return false;
  const rule = frame.grammar.heredoc(lineAt(bytes, at, at + maxHeredocBytes));
  if (rule === undefined) return false;
  cursor.announceHeredoc(rule);
  return true;
}

const maxHeredocBytes = 80;

/** If embedded code ends here, closes it and everything open in it. @returns false if none ends here. */
function endEmbedded(cursor: LexerCursor): boolean {
  const frame = cursor.frame.embedded;
  if (frame === undefined || !cursor.startsWith(frame.closer)) return false;
  cursor.close(frame, frame.closer.length);
  return true;
}

const regularExpression: StringRule = { closer: "/", escape: "backslash", isMultiline: false, hasClasses: true };

/** True if a slash starts a regular expression: a value is expected here, and no whitespace follows the slash. */
function startsRegularExpression({ bytes, at, frame }: LexerCursor): boolean {
  const next = bytes[at + 1] ?? 0x0a;
  if (frame.parent?.mode === "text" && bytes[at - 1] === 0x7b) return false; // {/if} in Svelte
  return frame.grammar.hasRegularExpressions && !isBlank(next) && next !== 0x0a && !followsValue(bytes, at);
}
