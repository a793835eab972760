// The grammars of further languages, most of them without their blocks.
import { grammar } from "./grammar.js";
import { css, java, javascript, jsx } from "./grammars.js";
import { voidElements } from "./htmlElements.js";
import {
  apostropheOutsideWords,
  characterLiteral,
  doubleQuoted,
  heredocs,
  quoted,
  quotesOf,
  singleQuoted,
  tripled,
} from "./quotes.js";

const multiline = quoted('"', { isMultiline: true });

const hashes = { lineComments: ["#"], commentsNeedBlank: true } as const;

export const groovy = grammar({
  ...java,
  interpolationOnly: "${",
  quotes: quotesOf({
    '"': tripled('"', quoted('"', { isMultiline: false, interpolation: "${" }), { interpolation: "${" }),
    "'": tripled("'", singleQuoted),
  }),
});
export const solidity = grammar({ ...java, quotes: quotesOf({ '"': doubleQuoted, "'": singleQuoted }) });
export const haskell = grammar({
  lineComments: ["--"],
  blockComments: [["{-", "-}"]],
  nestedComments: true,
  quotes: quotesOf({ '"': tripled('"', doubleQuoted), "'": characterLiteral }),
});
const ml = { quotes: quotesOf({ '"': tripled('"', multiline), "'": characterLiteral }), nestedComments: true } as const;
export const ocaml = grammar({ ...ml, blockComments: [["(*", "*)"]] });
export const fsharp = grammar({ ...ml, blockComments: [["(*", "*)"]], lineComments: ["//"] });
/** A backslash makes a character of what follows it: \( and #\( */
export const lisp = grammar({
  lineComments: [";"],
  blockComments: [["#|", "|#"]],
  nestedComments: true,
  codeEscape: "\\",
  quotes: quotesOf({ '"': multiline }),
});
export const r = grammar({
  lineComments: ["#"],
  quotes: quotesOf({ '"': multiline, "'": quoted("'", { isMultiline: true }) }),
});
/** Regular expressions, which the lexer does not know, escape brackets. */
export const perl = grammar({
  ...hashes,
  codeEscape: "\\",
  quotes: quotesOf({ '"': doubleQuoted, "'": apostropheOutsideWords }),
});
export const hcl = grammar({
  lineComments: ["#", "//"],
  blockComments: [["/*", "*/"]],
  heredoc: heredocs(/^<<-?()([A-Za-z_]\w*)/, "${"),
  quotes: quotesOf({ '"': quoted('"', { isMultiline: false, interpolation: "${" }) }),
});
/** Recipes and instructions hold lines of a shell. */
export const recipe = grammar({
  ...hashes,
  quotes: quotesOf({ '"': doubleQuoted, "'": apostropheOutsideWords }),
});
export const cmake = grammar({ ...hashes, quotes: quotesOf({ '"': multiline }) });
export const configuration = grammar({ ...hashes, quotes: quotesOf({ '"': doubleQuoted }) });
/** Values are text. */
export const properties = grammar({
  ...hashes,
  lineComments: ["#", ";", "!"],
  sentenceClosers: ")]}",
});
/** Intervals such as [0, 1) have different brackets. */
export const tex = grammar({
  isProse: true,
  lineComments: ["%"],
  codeEscape: "\\",
  sentenceClosers: ")]}",
});
/** Code between rulers, then a page whose expressions hold tags. */
export const astro = grammar({
  ...jsx,
  blockComments: [...jsx.blockComments, ["<!--", "-->"]],
  voidElements,
  embedded: new Map([
    ["script", () => javascript],
    ["style", () => css],
  ]),
});
