// The grammars of languages whose blocks end with a keyword.
import { grammar, type BlockWord } from "./grammar.js";
import {
  characterLiteral,
  doubleQuoted,
  heredocs,
  luaLongBracket,
  quoted,
  quotesOf,
  withoutEscapes,
  singleQuoted,
  withInterpolation,
} from "./quotes.js";

const opensEnd = { does: "open", closer: "end", atStatement: false } as const;

export const ruby = grammar({
  lineComments: ["#"],
  unfinishedEnds: ["&&", "||", " and", " or"],
  quotes: quotesOf({
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
export const elixir = grammar({
  lineComments: ["#"],
  quotes: quotesOf({
    '"': withInterpolation('"', "#{"),
    "'": quoted("'", { isMultiline: false, interpolation: "#{" }),
  }),
  blockWords: new Map(blocks("end", "do fn")),
});
export const julia = grammar({
  containers: /^\s*(bare)?module\b/,
  hasFlatContainers: true,
  lineComments: ["#"],
  blockComments: [["#=", "=#"]],
  nestedComments: ["=#"],
  quotes: quotesOf({ '"': withInterpolation('"', "$("), "'": characterLiteral }),
  blockWords: new Map<string, BlockWord>([
    ...blocks(
      "end",
      "begin",
      "if for while function let struct module try macro quote baremodule mutable abstract primitive",
    ),
    ["do", { ...opensEnd, unlessLineBegins: /^(while|for)\b/ }],
  ]),
});
export const lua = grammar({
  lineComments: ["--"],
  unfinishedEnds: [" and", " or"],
  blockComments: [["--[[", "]]"]],
  quotes: quotesOf({ '"': doubleQuoted, "'": singleQuoted, "[": luaLongBracket }),
  blockWords: new Map([...blocks("end", "function if do"), ...blocks("until", "repeat")]),
});
export const shell = grammar({
  lineComments: ["#"],
  commentsNeedBlank: true,
  codeEscape: "\\",
  backticksHoldCode: true,
  expandsParameters: true,
  quotes: quotesOf({
    '"': quoted('"', { isMultiline: true, interpolation: "$(" }),
    "'": quoted("'", withoutEscapes),
  }),
  heredoc: heredocs(/^<<(?!<)-?[ \t]*(["'\\]?)([A-Za-z_]\w*)/, "$(", { endsInterpolations: true }),
  blockWords: new Map([...blocks("fi", "", "if"), ...blocks("esac", "", "case"), ...blocks("done", "", "do")]),
});

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
