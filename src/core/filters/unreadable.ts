import { Lexer } from "../structure/lexer.js";
import type { InsertionPoint } from "../structure/insertionPoint.js";
import type { Filter } from "./filter.js";

/** Control characters except tab and newline, replacement characters, and invisible or direction-reversing ones. */
const forbidden =
  // eslint-disable-next-line no-control-regex -- control characters are what this looks for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffd]/;

/** Unusual spaces, joiners, direction marks and the like. Strings and comments may need them; code does not. */
const allowedInText =
  /\u034f|[\u00a0\u00ad\u061c\u1680\u180e\u2000-\u200a\u200c\u200e\u200f\u202f\u205f\u3000\u3164]|\u200d/g;

/** Cuts a text before the first invisible or misleading character that is not allowed at its position. */
export const unreadable: Filter = (candidate, point) => {
  let { text } = candidate;
  const found = text.search(forbidden);
  if (found !== -1) text = text.slice(0, found);
  for (const { index } of text.matchAll(allowedInText)) {
    if (joinsEmoji(text, index)) continue;
    const isJoinerAtEnd = text.charAt(index) === "\u200d" && /^\s/.test(text.slice(index + 1));
    if (!isJoinerAtEnd && isWithinText(text.slice(0, index), point)) continue;
    text = text.slice(0, index);
    break;
  }
  return { ...candidate, text };
};

/** True for a joiner between two emoji, which form one grapheme with it. */
function joinsEmoji(text: string, index: number): boolean {
  if (text.charAt(index) !== "\u200d" || !/^\p{Extended_Pictographic}/u.test(text.slice(index + 1))) return false;
  return /\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})*$/u.test(text.slice(Math.max(0, index - 6), index));
}

/** True if a text ends outside code, as in a string or a comment. */
function isWithinText(before: string, { state }: InsertionPoint): boolean {
  const bytes = new TextEncoder().encode(before);
  const lexer = new Lexer(bytes, 0, state);
  lexer.advance(bytes.length);
  return lexer.frame.mode !== "code";
}
