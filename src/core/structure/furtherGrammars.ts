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

export const groovy = grammar("groovy", {
  ...java,
  interpolationOnly: "${",
  quotes: quotesOf({
    '"': tripled('"', quoted('"', { isMultiline: false, interpolation: "${" }), { interpolation: "${" }),
    "'": tripled("'", singleQuoted),
  }),
});
export const solidity = grammar("solidity", { ...java, quotes: quotesOf({ '"': doubleQuoted, "'": singleQuoted }) });
export const haskell = grammar("haskell", {
  lineComments: ["--"],
  blockComments: [["{-", "-}"]],
  nestedComments: true,
  quotes: quotesOf({ '"': tripled('"', doubleQuoted), "'": characterLiteral }),
});
const ml = { quotes: quotesOf({ '"': tripled('"', multiline), "'": characterLiteral }), nestedComments: true } as const;
export const ocaml = grammar("ocaml", { ...ml, blockComments: [["(*", "*)"]] });
export const fsharp = grammar("fsharp", { ...ml, blockComments: [["(*", "*)"]], lineComments: ["//"] });
/** A backslash makes a character of what follows it: \( and #\( */
export const lisp = grammar("lisp", {
  lineComments: [";"],
  blockComments: [["#|", "|#"]],
  nestedComments: true,
  codeEscape: "\\",
  quotes: quotesOf({ '"': multiline }),
});
export const r = grammar("r", {
  lineComments: ["#"],
  quotes: quotesOf({ '"': multiline, "'": quoted("'", { isMultiline: true }) }),
});
/** Regular expressions, which the lexer does not know, escape brackets. */
export const perl = grammar("perl", {
  ...hashes,
  codeEscape: "\\",
  quotes: quotesOf({ '"': doubleQuoted, "'": apostropheOutsideWords }),
});
export const hcl = grammar("hcl", {
  lineComments: ["#", "//"],
  blockComments: [["/*", "*/"]],
  heredoc: heredocs(/^<<-?()([A-Za-z_]\w*)/, "${"),
  quotes: quotesOf({ '"': quoted('"', { isMultiline: false, interpolation: "${" }) }),
});
/** Recipes and instructions hold lines of a shell. */
export const recipe = grammar("recipe", {
  ...hashes,
  quotes: quotesOf({ '"': doubleQuoted, "'": apostropheOutsideWords }),
});
export const cmake = grammar("cmake", { ...hashes, quotes: quotesOf({ '"': multiline }) });
export const configuration = grammar("configuration", { ...hashes, quotes: quotesOf({ '"': doubleQuoted }) });
/** Values are text. */
export const properties = grammar("properties", {
  ...hashes,
  lineComments: ["#", ";", "!"],
  sentenceClosers: ")]}",
});
/** Intervals such as [0, 1) have different brackets. */
export const tex = grammar("tex", { lineComments: ["%"], codeEscape: "\\", sentenceClosers: ")]}" });
/** Code between rulers, then a page whose expressions hold tags. */
export const astro = grammar("astro", {
  ...jsx,
  blockComments: [...jsx.blockComments, ["<!--", "-->"]],
  voidElements,
  embedded: new Map([
    ["script", () => javascript],
    ["style", () => css],
  ]),
});
