// The grammars of further languages. In most of them, only brackets, strings and comments are known, not blocks.
import { grammar } from "./grammar.js";
import { cLike, css, java, javascript, jsx } from "./grammars.js";
import { voidElements } from "./htmlElements.js";
import {
  apostropheOutsideWords,
  byPrefix,
  characterLiteral,
  doubleQuoted,
  heredocs,
  nixQuote,
  onLineWithQuotesDoubled,
  quoted,
  quotesOf,
  withoutEscapes,
  singleQuoted,
  tripled,
  withInterpolation,
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
  nestedComments: ["-}"],
  quotes: quotesOf({ '"': tripled('"', doubleQuoted), "'": characterLiteral }),
});
export const ocaml = grammar({
  blockComments: [["(*", "*)"]],
  nestedComments: ["*)"],
  quotes: quotesOf({ '"': tripled('"', multiline), "'": characterLiteral }),
});
export const fsharp = grammar({ ...ocaml, lineComments: ["//"] });
/** The text format of WebAssembly. */
export const wat = grammar({
  lineComments: [";;"],
  blockComments: [["(;", ";)"]],
  nestedComments: [";)"],
  quotes: quotesOf({ '"': doubleQuoted }),
});
/** A backslash makes the next byte literal: \( and #\( */
export const lisp = grammar({
  lineComments: [";"],
  blockComments: [["#|", "|#"]],
  nestedComments: ["|#"],
  codeEscape: "\\",
  quotes: quotesOf({ '"': multiline }),
});
export const r = grammar({
  lineComments: ["#"],
  quotes: quotesOf({ '"': multiline, "'": quoted("'", { isMultiline: true }) }),
});
/** The lexer does not know Perl's regular expressions, in which backslashes make brackets literal. */
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
/** For makefiles, Dockerfiles and the like: their recipes and instructions contain shell commands. */
export const recipe = grammar({
  ...hashes,
  codeEscape: "\\",
  quotes: quotesOf({ '"': doubleQuoted, "'": apostropheOutsideWords }),
});
export const cmake = grammar({ ...hashes, quotes: quotesOf({ '"': multiline }) });
export const configuration = grammar({ ...hashes, quotes: quotesOf({ '"': doubleQuoted }) });
/** Values are plain text, in which brackets need not match. */
export const properties = grammar({
  ...hashes,
  lineComments: ["#", ";", "!"],
  sentenceClosers: ")]}",
});
/** Each line is a pattern for file names. */
export const filePatterns = grammar({ commentLine: /^#/, sentenceClosers: ")]}" });
/** Brackets need not match, as in the interval [0, 1). */
export const tex = grammar({
  isProse: true,
  lineComments: ["%"],
  codeEscape: "\\",
  sentenceClosers: ")]}",
});
/** A string right after a name, such as r"a", is raw. */
const nimString = byPrefix(/\w$/, quoted('"', onLineWithQuotesDoubled), doubleQuoted);
export const nim = grammar({
  lineComments: ["#"],
  blockComments: [
    ["##[", "]##"],
    ["#[", "]#"],
  ],
  nestedComments: ["]##", "]#"],
  quotes: quotesOf({ '"': tripled('"', nimString, { escape: "none" }), "'": characterLiteral }),
  blocksByIndentation: true,
});
/** `###` opens a block comment, but a line of more number signs is a line comment. */
export const coffeescript = grammar({
  lineComments: ["#"],
  blockComments: [["###", "###", "#"]],
  hasRegularExpressions: true,
  quotes: quotesOf({ '"': withInterpolation('"', "#{"), "'": tripled("'", singleQuoted) }),
  blocksByIndentation: true,
});
/** A line may end with text after its tag, in which brackets need not match. */
export const pug = grammar({
  lineComments: ["//"],
  quotes: quotesOf({ '"': doubleQuoted, "'": apostropheOutsideWords }),
  sentenceClosers: ")]}",
  blocksByIndentation: true,
});
/** An apostrophe also begins an attribute: clk'event. */
export const ada = grammar({
  lineComments: ["--"],
  quotes: quotesOf({ '"': quoted('"', onLineWithQuotesDoubled), "'": characterLiteral }),
  allowsTrailingComma: false,
});
export const pascal = grammar({
  lineComments: ["//"],
  blockComments: [
    ["{", "}"],
    ["(*", "*)"],
  ],
  quotes: quotesOf({ "'": quoted("'", onLineWithQuotesDoubled) }),
  allowsTrailingComma: false,
});
/** An apostrophe may end the name of a register: `ex af, af'`. */
export const assembly = grammar({
  lineComments: [";"],
  quotes: quotesOf({ '"': doubleQuoted, "'": apostropheOutsideWords }),
});
/**
 * The assembly of the GNU tools. A comment's `#` or `@` is followed by a space, because `#4` is a number and
 * `@function` a type.
 */
export const gas = grammar({
  lineComments: ["//", "# ", "@ ", ";"],
  blockComments: [["/*", "*/"]],
  quotes: quotesOf({ '"': doubleQuoted, "'": characterLiteral }),
});
export const awk = grammar({
  lineComments: ["#"],
  hasRegularExpressions: true,
  quotes: quotesOf({ '"': doubleQuoted }),
});
export const d = grammar({
  ...cLike,
  hasDirectives: false,
  blockComments: [...cLike.blockComments, ["/+", "+/"]],
  nestedComments: ["+/"],
  quotes: quotesOf({
    '"': byPrefix(/^r$/, quoted('"', withoutEscapes), multiline),
    "'": characterLiteral,
    "`": quoted("`", withoutEscapes),
  }),
});
export const nix = grammar({
  ...hashes,
  blockComments: [["/*", "*/"]],
  quotes: quotesOf({ '"': quoted('"', { isMultiline: true, interpolation: "${" }), "'": nixQuote }),
});
export const lean = grammar({ ...haskell, blockComments: [["/-", "-/"]], nestedComments: ["-/"] });
export const applescript = grammar({ ...ocaml, lineComments: ["--", "#"], quotes: quotesOf({ '"': multiline }) });
/** For files with code between `---` lines and then a page, whose expressions may contain tags. */
export const astro = grammar({
  ...jsx,
  blockComments: [...jsx.blockComments, ["<!--", "-->"]],
  voidElements,
  embedded: new Map([
    ["script", () => javascript],
    ["style", () => css],
  ]),
});
