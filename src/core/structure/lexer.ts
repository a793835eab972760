import { lexCode } from "./lexCode.js";
import { lexTag, lexText } from "./lexMarkup.js";
import { lexComment, lexString } from "./lexStrings.js";
import { LexerCursor } from "./lexerCursor.js";

/**
 * Tracks which brackets, strings, comments, tags and word-delimited blocks are open along a text. It is not a parser:
 * the program need not be correct. If the text leaves a bracket unclosed, indentation decides where it ended.
 * Lexing can stop and resume between any two tokens.
 */
export class Lexer extends LexerCursor {
  /**
   * Lexes up to byte offset `end`. A token that begins before `end` is consumed entirely, so `at` may end up past it.
   */
  advance(end: number): void {
    while (this.at < end) lexers[this.frame.mode](this, end);
  }
}

/** The lexer of each mode. Each call consumes at least one byte or leaves the frame. */
const lexers = { code: lexCode, text: lexText, tag: lexTag, string: lexString, comment: lexComment } as const;
