// The grammars of languages in which the first word, sign or column of a line makes it a comment.
import { grammar } from "./grammar.js";
import { doubleQuoted, quoted, quotesOf } from "./quotes.js";

const oneLine = { isMultiline: false, escape: "doubled" } as const;
const bothDoubled = quotesOf({ '"': quoted('"', oneLine), "'": quoted("'", oneLine) });

/**
 * Within brackets a line may begin with a string, which a comma, a bracket or the end of the line follows. Patterns have
 * braces without partners.
 */
export const vim = grammar({
  commentLine: /^\s*(#|"(?!(?:[^"\\]|\\.)*"\s*([,:\])}]|$)))/,
  quotes: quotesOf({ '"': doubleQuoted, "'": quoted("'", oneLine) }),
  sentenceClosers: "}",
});
/** Brackets in what `echo` writes need no partners. */
export const batch = grammar({
  commentLine: /^\s*@?(rem\b|::)/i,
  lineComments: ["& rem ", "& REM ", "& ::"],
  codeEscape: "^",
  quotes: quotesOf({ '"': quoted('"', { isMultiline: false, escape: "none" }) }),
  sentenceClosers: ")]}",
});
export const visualBasic = grammar({
  commentLine: /^\s*rem\b/i,
  lineComments: ["'"],
  quotes: quotesOf({ '"': quoted('"', oneLine) }),
  allowsTrailingComma: false,
});
/** In other places a number sign is one of a color or a number. */
export const tcl = grammar({
  commentLine: /^\s*#/,
  lineComments: [";#", "; #"],
  codeEscape: "\\",
  quotes: quotesOf({ '"': doubleQuoted }),
});
export const fortran = grammar({ lineComments: ["!"], quotes: bothDoubled, allowsTrailingComma: false });
/** Code begins in the seventh column. */
export const fixedFortran = grammar({ ...fortran, commentLine: /^(\*|c(?![a-z]))/i });
/** The first six columns are numbers. */
export const cobol = grammar({
  commentLine: /^.{6}[*/]/,
  lineComments: ["*>"],
  quotes: bothDoubled,
  allowsTrailingComma: false,
});
