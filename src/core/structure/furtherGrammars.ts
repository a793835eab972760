// The grammars of further languages, most of them without their blocks.
import { grammar, type Grammar, type QuoteMatcher } from "./grammar.js";
import { css, java, javascript, jsx } from "./grammars.js";
import { voidElements } from "./htmlElements.js";
import { apostropheOutsideWords, characterLiteral, heredocs, quoted, tripled } from "./quotes.js";

const double = quoted('"');
const single = quoted("'");
const multiline = quoted('"', { isMultiline: true });

function quotes(matchers: Readonly<Record<string, QuoteMatcher>>): Pick<Grammar, "quotes"> {
  return { quotes: new Map(Object.entries(matchers).map(([quote, matcher]) => [quote.charCodeAt(0), matcher])) };
}

const hashes = { lineComments: ["#"], commentsNeedBlank: true } as const;

export const groovy = grammar("groovy", {
  ...java,
  interpolationOnly: "${",
  ...quotes({
    '"': tripled('"', quoted('"', { isMultiline: false, interpolation: "${" }), { interpolation: "${" }),
    "'": tripled("'", single),
  }),
});
export const solidity = grammar("solidity", { ...java, ...quotes({ '"': double, "'": single }) });
export const haskell = grammar("haskell", {
  lineComments: ["--"],
  blockComments: [["{-", "-}"]],
  nestedComments: true,
  ...quotes({ '"': tripled('"', double), "'": characterLiteral }),
});
const ml = { ...quotes({ '"': tripled('"', multiline), "'": characterLiteral }), nestedComments: true } as const;
export const ocaml = grammar("ocaml", { ...ml, blockComments: [["(*", "*)"]] });
export const fsharp = grammar("fsharp", { ...ml, blockComments: [["(*", "*)"]], lineComments: ["//"] });
/** A backslash makes a character of what follows it: \( and #\( */
export const lisp = grammar("lisp", {
  lineComments: [";"],
  blockComments: [["#|", "|#"]],
  nestedComments: true,
  codeEscape: "\\",
  ...quotes({ '"': multiline }),
});
export const r = grammar("r", {
  lineComments: ["#"],
  ...quotes({ '"': multiline, "'": quoted("'", { isMultiline: true }) }),
});
/** Regular expressions, which the lexer does not know, escape brackets. */
export const perl = grammar("perl", {
  ...hashes,
  codeEscape: "\\",
  ...quotes({ '"': double, "'": apostropheOutsideWords }),
});
export const hcl = grammar("hcl", {
  lineComments: ["#", "//"],
  blockComments: [["/*", "*/"]],
  heredoc: heredocs(/^<<-?()([A-Za-z_]\w*)/, "${"),
  ...quotes({ '"': quoted('"', { isMultiline: false, interpolation: "${" }) }),
});
/** Recipes and instructions hold lines of a shell. */
export const recipe = grammar("recipe", { ...hashes, ...quotes({ '"': double, "'": apostropheOutsideWords }) });
export const cmake = grammar("cmake", { ...hashes, ...quotes({ '"': multiline }) });
export const configuration = grammar("configuration", { ...hashes, ...quotes({ '"': double }) });
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
