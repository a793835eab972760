import { lexCode } from "./lexCode.js";
import { lexTag, lexText } from "./lexMarkup.js";
import { lexComment, lexString } from "./lexStrings.js";
import { LexerCursor } from "./lexerCursor.js";

/**
 * Follows what is open along a text: brackets, strings, comments, tags, words that open blocks. Not a parser: it needs no
 * correct program, and if text and indentation disagree about a bracket that was never closed, indentation decides.
 * It may stop and continue between any two tokens.
 */
export class Lexer extends LexerCursor {
  /** Lexes up to `end`; a token that begins before it is lexed whole, so `at` may be past it. */
  advance(end: number): void {
    while (this.at < end) lexers[this.frame.mode](this, end);
  }
}

/** By mode: passes at least one byte or leaves the frame. */
const lexers = { code: lexCode, text: lexText, tag: lexTag, string: lexString, comment: lexComment } as const;
