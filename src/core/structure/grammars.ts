// The grammars of the known languages.
import { grammar, type BlockWord, type Grammar, type QuoteMatcher } from "./grammar.js";
import { voidElements } from "./htmlElements.js";
import {
  apostropheOutsideWords,
  byPrefix,
  characterLiteral,
  cppQuote,
  heredocs,
  luaLongBracket,
  quoted,
  rustQuote,
  tripled,
} from "./quotes.js";

/** Matches the beginning of a decorator or an attribute: @a.b(c), #[a(b)], [[a]], [A(b)]. */
const decorator = /^\s*(@(?!interface\b)[\w.$:]+\s*(\(|$)|#!?\[|\[\[|\[[A-Z])/;
const slashes: Pick<Grammar, "lineComments" | "blockComments" | "decorator"> = {
  lineComments: ["//"],
  blockComments: [["/*", "*/"]],
  decorator,
};
const double = quoted('"');
const single = quoted("'");
const raw = { isMultiline: true, escape: "none" } as const;
const doubled = { isMultiline: true, escape: "doubled" } as const;

function withInterpolation(quote: string, interpolation: string): QuoteMatcher {
  return tripled(quote, quoted(quote, { isMultiline: false, interpolation }), { interpolation });
}

function quotes(matchers: Readonly<Record<string, QuoteMatcher>>): Map<number, QuoteMatcher> {
  return new Map(Object.entries(matchers).map(([quote, matcher]) => [quote.charCodeAt(0), matcher]));
}

/**
 * The words of one kind of block: those that open it, and `closer`, which ends it.
 * @param anywhere opening words, separated by spaces, that count anywhere.
 * @param statements opening words, separated by spaces, that count only at the start of a statement.
 */
function blocks(closer: string, anywhere: string, statements = ""): [string, BlockWord][] {
  const opening = (list: string, atStatement: boolean): [string, BlockWord][] =>
    list
      .split(" ")
      .filter(Boolean)
      .map((word) => [word, { does: "open", closer, atStatement }]);
  return [
    ...opening(anywhere, false),
    ...opening(statements, true),
    [closer, { does: "close", closer, atStatement: closer !== "end" }],
  ];
}

const opensEnd = { does: "open", closer: "end", atStatement: false } as const;

export const javascript = grammar("javascript", {
  ...slashes,
  quotes: quotes({ '"': double, "'": single, "`": quoted("`", { isMultiline: true, interpolation: "${" }) }),
  hasRegularExpressions: true,
  interpolationOnly: "${",
});
export const jsx = grammar("jsx", { ...javascript, markup: "jsx", textInterpolation: "{" });
const outdented = /^\s*(#\s*[a-z]|(?!(?:case|default)\b)\w+(\s+\w+)?\s*:\s*(\/[/*]|$))/;
export const cLike = grammar("c-like", {
  ...slashes,
  hasDirectives: true,
  hasFlatContainers: true,
  outdented,
  quotes: quotes({ '"': double, "'": characterLiteral }),
});
/** A string of several lines consists of lines that begin with two backslashes. */
export const zig = grammar("zig", { ...cLike, lineComments: ["//", "\\\\"] });
export const java = grammar("java", {
  ...slashes,
  quotes: quotes({ '"': tripled('"', double), "'": characterLiteral }),
  continuationWords: new Set(["throws", "extends", "implements", "permits"]),
});
export const kotlin = grammar("kotlin", {
  ...slashes,
  hasTrailingBlocks: true,
  interpolationOnly: "${",
  nestedComments: true,
  quotes: quotes({ '"': withInterpolation('"', "${"), "'": characterLiteral }),
});
export const dart = grammar("dart", {
  ...slashes,
  interpolationOnly: "${",
  quotes: quotes({ '"': withInterpolation('"', "${"), "'": withInterpolation("'", "${") }),
});
export const cpp = grammar("cpp", {
  ...slashes,
  hasDirectives: true,
  hasFlatContainers: true,
  outdented,
  continuationSigns: [":", ","],
  unfinishedEnds: [","],
  quotes: quotes({ '"': cppQuote, "'": characterLiteral }),
});
export const go = grammar("go", {
  ...slashes,
  unfinishedEnds: ["&&", "||"],
  hasFlatCases: true,
  quotes: quotes({ '"': double, "'": characterLiteral, "`": quoted("`", raw) }),
});
export const rust = grammar("rust", {
  ...slashes,
  nestedComments: true,
  quotes: quotes({ '"': rustQuote, "'": characterLiteral }),
});
export const swift = grammar("swift", {
  ...slashes,
  hasDirectives: true,
  interpolationOnly: "\\(",
  nestedComments: true,
  unfinishedEnds: [","],
  hasTrailingBlocks: true,
  quotes: quotes({ '"': withInterpolation('"', "\\(") }),
});
export const csharp = grammar("csharp", {
  ...slashes,
  hasDirectives: true,
  outdented,
  quotes: quotes({
    '"': (bytes, at) => {
      const prefix = String.fromCharCode(...bytes.subarray(Math.max(0, at - 2), at));
      const interpolation = /\$@?$/.test(prefix) ? { interpolation: "{" } : {};
      if (/@\$?$/.test(prefix)) return quoted('"', { ...doubled, ...interpolation })(bytes, at);
      return tripled('"', quoted('"', { isMultiline: false, ...interpolation }), { escape: "none", ...interpolation })(
        bytes,
        at,
      );
    },
    "'": characterLiteral,
  }),
});
const php: Grammar = grammar("php", {
  ...slashes,
  lineComments: ["//", "#"],
  quotes: quotes({
    '"': quoted('"', { isMultiline: true, interpolation: "{$" }),
    "'": quoted("'", { isMultiline: true }),
  }),
  heredoc: heredocs(/^<<<[ \t]*(?:"|('))?([A-Za-z_]\w*)/, "{$"),
});

export const python = grammar("python", {
  lineComments: ["#"],
  decorator: /^\s*@[\w.]/,
  quotes: quotes({
    '"': byPrefix(/^(f|fr|rf)$/i, withInterpolation('"', "{"), tripled('"', double)),
    "'": byPrefix(/^(f|fr|rf)$/i, withInterpolation("'", "{"), tripled("'", single)),
  }),
  statementWords: new Set(
    "def class return while try with import raise assert del pass break continue global".split(" "),
  ),
  blocksByIndentation: true,
});
export const ruby = grammar("ruby", {
  lineComments: ["#"],
  unfinishedEnds: ["&&", "||", " and", " or"],
  quotes: quotes({
    '"': quoted('"', { isMultiline: true, interpolation: "#{" }),
    "'": quoted("'", { isMultiline: true }),
    "`": quoted("`", { isMultiline: true, interpolation: "#{" }),
  }),
  continuesAfterHeredoc: true,
  // Without `~` or `-`, a heredoc's word must begin with a capital, because `<<` is an operator as well.
  heredoc: heredocs(/^<<(?:[~-](?=["'`\w])|(?=["'`]?[A-Z]))(?:"|(['`]))?([A-Za-z_]\w*)/, "#{"),
  hasRegularExpressions: true,
  blockWords: new Map<string, BlockWord>([
    ...blocks("end", "class module begin case", "if unless while until for"),
    // `def square(x) = x * x` is complete on its line; `def x=(value)` is a multi-line method.
    ["def", { ...opensEnd, unlessFollowedBy: /^def\s+[^\s(=;]+(\([^()]*\)\s*|\s+)=(?![=~>])/ }],
    // In `while x do`, the word of the loop has already opened the block.
    ["do", { ...opensEnd, unlessLineBegins: /^(while|until|for)\b/ }],
  ]),
});
export const elixir = grammar("elixir", {
  lineComments: ["#"],
  quotes: quotes({ '"': withInterpolation('"', "#{"), "'": quoted("'", { isMultiline: false, interpolation: "#{" }) }),
  blockWords: new Map(blocks("end", "do fn")),
});
export const julia = grammar("julia", {
  containers: /^\s*(bare)?module\b/,
  hasFlatContainers: true,
  lineComments: ["#"],
  blockComments: [["#=", "=#"]],
  nestedComments: true,
  quotes: quotes({ '"': withInterpolation('"', "$("), "'": characterLiteral }),
  blockWords: new Map<string, BlockWord>([
    ...blocks(
      "end",
      "begin",
      "if for while function let struct module try macro quote baremodule mutable abstract primitive",
    ),
    ["do", { ...opensEnd, unlessLineBegins: /^(while|for)\b/ }],
  ]),
});
export const lua = grammar("lua", {
  lineComments: ["--"],
  unfinishedEnds: [" and", " or"],
  blockComments: [["--[[", "]]"]],
  quotes: quotes({ '"': double, "'": single, "[": luaLongBracket }),
  blockWords: new Map([...blocks("end", "function if do"), ...blocks("until", "repeat")]),
});
export const shell = grammar("shell", {
  lineComments: ["#"],
  commentsNeedBlank: true,
  codeEscape: "\\",
  backticksHoldCode: true,
  expandsParameters: true,
  quotes: quotes({
    '"': quoted('"', { isMultiline: true, interpolation: "$(" }),
    "'": quoted("'", raw),
  }),
  heredoc: heredocs(/^<<(?!<)-?[ \t]*(["'\\]?)([A-Za-z_]\w*)/, "$(", { endsInterpolations: true }),
  blockWords: new Map([...blocks("fi", "", "if"), ...blocks("esac", "", "case"), ...blocks("done", "", "do")]),
});

export const powershell = grammar("powershell", {
  lineComments: ["#"],
  commentsNeedBlank: true,
  blockComments: [["<#", "#>"]],
  codeEscape: "`",
  quotes: quotes({
    '"': quoted('"', { isMultiline: true, escape: "backtick", interpolation: "$(" }),
    "'": quoted("'", doubled),
  }),
});
/** In code, a dollar sign makes a character of what follows it. */
export const erlang = grammar("erlang", {
  lineComments: ["%"],
  codeEscape: "$",
  quotes: quotes({ '"': quoted('"', { isMultiline: true }), "'": single }),
  allowsTrailingComma: false,
});

export const json = grammar("json", { ...slashes, quotes: quotes({ '"': double }), allowsTrailingComma: false });
export const yaml = grammar("yaml", {
  lineComments: ["#"],
  commentsNeedBlank: true,
  quotes: quotes({ '"': double, "'": apostropheOutsideWords }),
  labels: /^\s*(#|-(\s|$))/,
  sentenceClosers: ")",
  hasFlatLists: true,
  blocksByIndentation: true,
});
export const toml = grammar("toml", {
  lineComments: ["#"],
  quotes: quotes({ '"': tripled('"', double), "'": tripled("'", single) }),
});
export const sql = grammar("sql", {
  lineComments: ["--"],
  blockComments: [["/*", "*/"]],
  quotes: quotes({ "'": quoted("'", doubled), '"': quoted('"', doubled), "`": quoted("`", raw) }),
  allowsTrailingComma: false,
});
export const css = grammar("css", { blockComments: [["/*", "*/"]], quotes: quotes({ '"': double, "'": single }) });
export const scss = grammar("scss", { ...css, lineComments: ["//"] });

export const html: Grammar = grammar("html", {
  blockComments: [
    ["<!--", "-->"],
    ["<![CDATA[", "]]>"],
  ],
  markup: "html",
  containers: /^\s*<(html|head|body)\b/i,
  hasFlatContainers: true,
  voidElements,
  embedded: new Map([
    ["script", () => javascript],
    ["style", () => css],
    ["?php", () => php],
    ["?=", () => php],
    ["{{", () => interpolated],
  ]),
  textInterpolation: "{{",
});
/** The text between {{ and }}: expressions with filters and words of several template languages. */
const interpolated = grammar("interpolated", { quotes: javascript.quotes });
export const svelte = grammar("svelte", {
  ...html,
  textInterpolation: "{",
  quotes: javascript.quotes,
  hasRegularExpressions: true,
});
export const xml = grammar("xml", {
  ...html,
  markup: "xml",
  hasFlatContainers: false,
  voidElements: new Set(),
  embedded: new Map(),
  textInterpolation: "",
});
export const graphql = grammar("graphql", { lineComments: ["#"], quotes: quotes({ '"': tripled('"', double) }) });
export const markdown = grammar("markdown", { sentenceClosers: ")]}" });
/** Text in no known language: brackets, and strings between double quotes that end with their line. */
export const unknown = grammar("unknown", { quotes: quotes({ '"': double }) });
