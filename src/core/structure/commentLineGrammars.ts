// The grammars of languages in which the first word, character or column of a line makes it a comment.
import { grammar } from "./grammar.js";
import { doubleQuoted, onLineWithQuotesDoubled, quoted, quotesOf } from "./quotes.js";

const bothQuotes = quotesOf({
  '"': quoted('"', onLineWithQuotesDoubled),
  "'": quoted("'", onLineWithQuotesDoubled),
});

/**
 * A quote at the start of a line begins a comment, unless it opens a string, as it may within brackets: a comma, a
 * bracket or the end of the line follows the string. Patterns may contain unmatched braces.
 */
export const vim = grammar({
  commentLine: /^\s*(#|"(?!(?:[^"\\]|\\.)*"\s*([,:\])}]|$)))/,
  quotes: quotesOf({ '"': doubleQuoted, "'": quoted("'", onLineWithQuotesDoubled) }),
  sentenceClosers: "}",
});
/** `echo` may print unmatched brackets, so brackets count as punctuation. */
export const batch = grammar({
  commentLine: /^\s*@?(rem\b|::)/i,
  lineComments: ["::", "rem ", "Rem ", "REM "].flatMap((opener) => [`&${opener}`, `& ${opener}`]),
  codeEscape: "^",
  quotes: quotesOf({ '"': quoted('"', { isMultiline: false, escape: "none" }) }),
  sentenceClosers: ")]}",
});
export const visualBasic = grammar({
  commentLine: /^\s*rem\b/i,
  lineComments: ["'"],
  quotes: quotesOf({ '"': quoted('"', onLineWithQuotesDoubled) }),
  allowsTrailingComma: false,
});
/** A `#` that begins neither a line nor a command belongs to a color or a number. */
export const tcl = grammar({
  commentLine: /^\s*#/,
  lineComments: [";#", "; #"],
  codeEscape: "\\",
  quotes: quotesOf({ '"': doubleQuoted }),
});
export const fortran = grammar({ lineComments: ["!"], quotes: bothQuotes, allowsTrailingComma: false });
/** Code begins in the seventh column. A `C`, `*` or `!` in the first column makes the line a comment. */
export const fixedFortran = grammar({ ...fortran, commentLine: /^[Cc*!]/ });
/** The first six columns are the line's number. A `*` or `/` in the seventh column makes the line a comment. */
export const cobol = grammar({
  commentLine: /^.{6}[*/]/,
  lineComments: ["*>"],
  quotes: bothQuotes,
  allowsTrailingComma: false,
});
