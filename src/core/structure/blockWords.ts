import { isBlank, isWordByte, latin1, lineAt, wordAt } from "./bytes.js";
import type { BlockWord } from "./grammar.js";
import type { LexerCursor } from "./lexerCursor.js";

/** Consumes one word of a language that opens and closes blocks with words, such as Ruby, Lua or a shell. */
export function lexBlockWord(cursor: LexerCursor): void {
  const { bytes, at, frame } = cursor;
  const word = wordAt(bytes, at);
  const entry = frame.grammar.blockWords.get(word);
  if (entry === undefined || isName(bytes, at, word)) cursor.at += word.length;
  else if (entry.atStatement && !beginsStatement(cursor)) cursor.at += word.length;
  else if (entry.does === "close" && frame.kind === "bracket" && at !== cursor.lineFirst) cursor.at += word.length;
  else if (entry.does === "close") cursor.closeWith(entry.closer);
  else if (isExempt(cursor, entry)) cursor.at += word.length;
  else cursor.open(cursor.inner("block", entry.closer), word.length);
}

/** True if the word is part of a longer name, a method, a symbol or a key: x.end, :end, end:, is_end?. */
function isName(bytes: Uint8Array, at: number, word: string): boolean {
  const before = bytes[at - 1] ?? 0x0a;
  const after = bytes[at + word.length] ?? 0x0a;
  return isWordByte(before) || ".:@$-".includes(String.fromCharCode(before)) || after === 0x3a || after === 0x3f;
}

/**
 * True if a statement may begin here: at the start of the line, or after an operator or word that a statement may
 * follow.
 */
function beginsStatement({ bytes, at, frame }: LexerCursor): boolean {
  let end = at;
  while (isBlank(bytes[end - 1] ?? 0)) end--;
  return bytes[end - 1] === 0x0a || frame.grammar.beforeStatement.test(latin1(bytes, end - 8, end));
}

/** Maximum number of bytes of a line against which the patterns of block words are matched. */
const maxPatternBytes = 200;

/** True if the word opens no block here, because of the text after it or the beginning of its line. */
function isExempt({ bytes, at, lineFirst }: LexerCursor, { unlessFollowedBy, unlessLineBegins }: BlockWord): boolean {
  const line = lineAt(bytes, at, at + maxPatternBytes);
  if (unlessFollowedBy?.test(line) === true) return true;
  if (lineFirst < 0 || unlessLineBegins === undefined) return false;
  return unlessLineBegins.test(latin1(bytes, lineFirst, Math.min(at, lineFirst + maxPatternBytes)));
}
