// The grammars of the most used languages.
import { grammar, type Grammar } from "./grammar.js";
import { voidElements } from "./htmlElements.js";
import {
  apostropheOutsideWords,
  byPrefix,
  characterLiteral,
  cppQuote,
  withQuotesDoubled,
  doubleQuoted,
  heredocs,
  quoted,
  quotesOf,
  withoutEscapes,
  rustQuote,
  singleQuoted,
  tripled,
  withInterpolation,
} from "./quotes.js";

/** Matches the beginning of a decorator or an attribute: @a.b(c), #[a(b)], [[a]], [A(b)]. */
const decorator = /^\s*(@(?!interface\b)[\w.$:]+\s*(\(|$)|#!?\[|\[\[|\[[A-Z])/;
const slashes: Pick<Grammar, "lineComments" | "blockComments" | "decorator"> = {
  lineComments: ["//"],
  blockComments: [["/*", "*/"]],
  decorator,
};

export const javascript = grammar({
  ...slashes,
  statementsEndArguments: true,
  dropsSemicolonBeforeBrace: true,
  quotes: quotesOf({
    '"': doubleQuoted,
    "'": singleQuoted,
    "`": quoted("`", { isMultiline: true, interpolation: "${" }),
  }),
  hasRegularExpressions: true,
  interpolationOnly: "${",
});
export const jsx = grammar({ ...javascript, markup: "jsx", textInterpolation: "{" });
const outdented = /^\s*(#\s*[a-z]|(?!(?:case|default)\b)\w+(\s+\w+)?\s*:\s*(\/[/*]|$))/;
export const cLike = grammar({
  ...slashes,
  statementsEndArguments: true,
  hasPrototypes: true,
  hasDirectives: true,
  hasFlatContainers: true,
  outdented,
  quotes: quotesOf({ '"': doubleQuoted, "'": characterLiteral }),
});
/** Each line of a multi-line string begins with two backslashes, so it is lexed like a line comment. */
export const zig = grammar({
  ...cLike,
  statementsEndArguments: false,
  hasPrototypes: false,
  lineComments: ["//", "\\\\"],
});
export const java = grammar({
  ...slashes,
  statementsEndArguments: true,
  quotes: quotesOf({ '"': tripled('"', doubleQuoted), "'": characterLiteral }),
  continuationWords: new Set(["throws", "extends", "implements", "permits"]),
});
export const kotlin = grammar({
  ...slashes,
  hasTrailingBlocks: true,
  interpolationOnly: "${",
  nestedComments: ["*/"],
  quotes: quotesOf({ '"': withInterpolation('"', "${"), "'": characterLiteral }),
});
export const dart = grammar({
  ...slashes,
  interpolationOnly: "${",
  quotes: quotesOf({ '"': withInterpolation('"', "${"), "'": withInterpolation("'", "${") }),
});
export const cpp = grammar({
  ...slashes,
  statementsEndArguments: true,
  hasPrototypes: true,
  hasDirectives: true,
  hasFlatContainers: true,
  outdented,
  continuationSigns: [":", ","],
  unfinishedEnds: [","],
  quotes: quotesOf({ '"': cppQuote, "'": characterLiteral }),
});
export const go = grammar({
  ...slashes,
  statementsEndArguments: true,
  alignsColumns: true,
  unfinishedEnds: ["&&", "||"],
  hasFlatCases: true,
  quotes: quotesOf({ '"': doubleQuoted, "'": characterLiteral, "`": quoted("`", withoutEscapes) }),
});
export const rust = grammar({
  ...slashes,
  closersEndStrings: true,
  bodiesFollowCommas: true,
  hasMacros: true,
  nestedComments: ["*/"],
  quotes: quotesOf({ '"': rustQuote, "'": characterLiteral }),
});
export const swift = grammar({
  ...slashes,
  hasDirectives: true,
  interpolationOnly: "\\(",
  nestedComments: ["*/"],
  unfinishedEnds: [","],
  hasTrailingBlocks: true,
  quotes: quotesOf({ '"': withInterpolation('"', "\\(") }),
});
export const csharp = grammar({
  ...slashes,
  statementsEndArguments: true,
  hasDirectives: true,
  outdented,
  quotes: quotesOf({
    '"': (bytes, at) => {
      const prefix = String.fromCharCode(...bytes.subarray(Math.max(0, at - 2), at));
      const interpolation = /\$@?$/.test(prefix) ? { interpolation: "{" } : {};
      if (/@\$?$/.test(prefix)) return quoted('"', { ...withQuotesDoubled, ...interpolation })(bytes, at);
      return tripled('"', quoted('"', { isMultiline: false, ...interpolation }), { escape: "none", ...interpolation })(
        bytes,
        at,
      );
    },
    "'": characterLiteral,
  }),
});
const php: Grammar = grammar({
  ...slashes,
  statementsEndArguments: true,
  lineComments: ["//", "#"],
  quotes: quotesOf({
    '"': quoted('"', { isMultiline: true, interpolation: "{$" }),
    "'": quoted("'", { isMultiline: true }),
  }),
  heredoc: heredocs(/^<<<[ \t]*(?:"|('))?([A-Za-z_]\w*)/, "{$"),
});

export const python = grammar({
  lineComments: ["#"],
  decorator: /^\s*@[\w.]/,
  quotes: quotesOf({
    '"': byPrefix(/^(f|fr|rf)$/i, withInterpolation('"', "{"), tripled('"', doubleQuoted)),
    "'": byPrefix(/^(f|fr|rf)$/i, withInterpolation("'", "{"), tripled("'", singleQuoted)),
  }),
  statementWords: new Set(
    "def class return while try with import raise assert del pass break continue global".split(" "),
  ),
  blocksByIndentation: true,
  branchOwners: new Map([
    ["elif", /^\s*(if|elif)\b/],
    ["else", /^\s*((async\s+)?for|if|elif|while|except)\b/],
    ["except", /^\s*(try|except)\b/],
    ["finally", /^\s*(try|except|else)\b/],
  ]),
});
export const powershell = grammar({
  lineComments: ["#"],
  commentsNeedBlank: true,
  blockComments: [["<#", "#>"]],
  codeEscape: "`",
  quotes: quotesOf({
    '"': quoted('"', { isMultiline: true, escape: "backtick", interpolation: "$(" }),
    "'": quoted("'", withQuotesDoubled),
  }),
});
/** In code, a dollar sign makes the next character literal. */
export const erlang = grammar({
  lineComments: ["%"],
  codeEscape: "$",
  quotes: quotesOf({ '"': quoted('"', { isMultiline: true }), "'": singleQuoted }),
  allowsTrailingComma: false,
});

export const json = grammar({
  ...slashes,
  quotes: quotesOf({ '"': doubleQuoted }),
  allowsTrailingComma: false,
  holdsItemsOnly: true,
});
export const yaml = grammar({
  lineComments: ["#"],
  commentsNeedBlank: true,
  quotes: quotesOf({ '"': doubleQuoted, "'": apostropheOutsideWords }),
  labels: /^\s*(#|-(\s|$))/,
  sentenceClosers: ")",
  hasFlatLists: true,
  blocksByIndentation: true,
});
export const toml = grammar({
  lineComments: ["#"],
  quotes: quotesOf({ '"': tripled('"', doubleQuoted), "'": tripled("'", singleQuoted) }),
});
export const sql = grammar({
  lineComments: ["--"],
  blockComments: [["/*", "*/"]],
  quotes: quotesOf({
    "'": quoted("'", withQuotesDoubled),
    '"': quoted('"', withQuotesDoubled),
    "`": quoted("`", withoutEscapes),
  }),
  allowsTrailingComma: false,
});
export const css = grammar({
  blockComments: [["/*", "*/"]],
  quotes: quotesOf({ '"': doubleQuoted, "'": singleQuoted }),
});
export const scss = grammar({ ...css, lineComments: ["//"], hasUnquotedUrls: true });

export const html: Grammar = grammar({
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
/** For the text between {{ and }}, which is an expression in one of several template languages. */
const interpolated = grammar({ quotes: javascript.quotes });
export const svelte = grammar({
  ...html,
  textInterpolation: "{",
  quotes: javascript.quotes,
  hasRegularExpressions: true,
});
export const xml = grammar({
  ...html,
  markup: "xml",
  hasFlatContainers: false,
  voidElements: new Set(),
  embedded: new Map(),
  textInterpolation: "",
});
export const graphql = grammar({
  lineComments: ["#"],
  quotes: quotesOf({ '"': tripled('"', doubleQuoted) }),
});
export const markdown = grammar({ isProse: true, sentenceClosers: ")]}" });
/** For unknown languages: only brackets, and double-quoted strings that end with their line. */
export const unknown = grammar({ isProse: true, quotes: quotesOf({ '"': doubleQuoted }) });
