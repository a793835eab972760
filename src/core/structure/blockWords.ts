import { isBlank, isWordByte, latin1, wordAt } from "./bytes.js";
import type { LexerCursor } from "./lexerCursor.js";

/** Passes a word, in languages with words that open and close blocks: Ruby, Lua, shells and their like. */
export function lexBlockWord(cursor: LexerCursor): void {
  const { bytes, at, frame } = cursor;
  const word = wordAt(bytes, at);
  const entry = frame.grammar.blockWords.get(word);
  if (entry === undefined || isName(bytes, at, word)) cursor.at += word.length;
  else if (entry.atStatement && !beginsStatement(cursor)) cursor.at += word.length;
  else if (entry.does === "close" && frame.kind === "bracket" && at !== cursor.lineFirst) cursor.at += word.length;
  else if (entry.does === "close") cursor.closeWith(entry.closer);
  else if (word === "def" && isOneLiner(cursor)) cursor.at += word.length;
  else if (word === "do" && belongsToLoop(cursor)) cursor.at += word.length;
  else cursor.open(cursor.inner("block", entry.closer), word.length);
}

/** True for a part of a longer name, a method, a symbol or a key: x.end, :end, end:, is_end?. */
function isName(bytes: Uint8Array, at: number, word: string): boolean {
  const before = bytes[at - 1] ?? 0x0a;
  const after = bytes[at + word.length] ?? 0x0a;
  return isWordByte(before) || ".:@$-".includes(String.fromCharCode(before)) || after === 0x3a || after === 0x3f;
}

const beforeStatements = /(^|[;&({=]|(^|[\s;&|])!|\|\||\b(then|do|else|begin|in))$/;

/** True if a statement may begin here: at the line's start, or after a sign or word that one follows. */
function beginsStatement({ bytes, at, lineFirst }: LexerCursor): boolean {
  if (at === lineFirst) return true;
  let end = at;
  while (end > 0 && isBlank(bytes[end - 1] ?? 0)) end--;
  return bytes[end - 1] === 0x0a || beforeStatements.test(latin1(bytes, end - 8, end));
}

/** Ruby's def square(x) = x * x; def x=(value) is a method of several lines. */
function isOneLiner({ bytes, at }: LexerCursor): boolean {
  const [line = ""] = latin1(bytes, at, at + 200).split("\n");
  return /^def\s+[^\s(=;]+(\([^()]*\)\s*|\s+)=(?![=~>])/.test(line);
}

/** The `do` of `while x do`: the loop's own word has opened the block. */
function belongsToLoop({ bytes, at, lineFirst, frame }: LexerCursor): boolean {
  if (lineFirst < 0) return false;
  const loop = /^(while|until|for)\b/.exec(latin1(bytes, lineFirst, Math.min(at, lineFirst + 8)))?.[1];
  return loop !== undefined && frame.grammar.blockWords.has(loop);
}
