// Tokens that the cursor may split. An insertion may complete them, so lexing stops before them.
import { wordBefore } from "./bytes.js";
import { startsTag } from "./lexMarkup.js";
import type { Lexer } from "./lexer.js";

/**
 * Advances a lexer to the end of its text, or to the start of a token that the end may split.
 * @param linePrefix the last line of the text.
 * @param afterCursor the text after it on the same line.
 * @returns the length of the token's part in the text, in UTF-16 code units; 0 if there is no such token.
 */
export function advanceToToken(lexer: Lexer, linePrefix: string, afterCursor: string): number {
  const end = lexer.bytes.length;
  const tail = linePrefix.slice(-maxTokenUnits);
  if (enterCharacter(lexer, tail, afterCursor)) return 0;
  for (const token of [/<[!/?]?(?:-|[\w.:-]*)$/, /(?:"{1,2}|'{1,2}|[*/-]+|[\\$`]|[}%#])$/, /[A-Za-z]+$/]) {
    const units = token.exec(tail)?.[0].length ?? 0; // also its length in bytes, because it is ASCII
    if (units === 0) continue;
    lexer.advance(end - units);
    const incomplete = linePrefix.slice(-units);
    if (lexer.at !== end - units || isComplete(incomplete, afterCursor)) continue;
    if (isIncomplete(lexer, incomplete) || beginsDocstring(lexer, incomplete, { linePrefix, afterCursor }))
      return units;
  }
  lexer.advance(end);
  return 0;
}

/**
 * Number of UTF-16 code units before the cursor that may belong to the token. Regular expressions would read all of a
 * long line.
 */
const maxTokenUnits = 200;

/**
 * Enters a character literal whose closing apostrophe follows the cursor. Without its end the lexer takes the opening
 * apostrophe for something else, such as the start of a lifetime.
 * @returns false if the cursor is in no such literal.
 */
function enterCharacter(lexer: Lexer, linePrefix: string, afterCursor: string): boolean {
  const written = /'(?:\\[\w{}]*|[^'\\])?$/.exec(linePrefix)?.[0];
  if (written === undefined || !afterCursor.startsWith("'")) return false;
  const end = lexer.bytes.length;
  const start = end - utf8.encode(written).length;
  lexer.advance(start);
  const { mode, grammar } = lexer.frame;
  if (lexer.at !== start || mode !== "code") return false;
  const whole = { "'": "'x'", "'\\": "'\\n'" }[written] ?? `${written}'`;
  const prefix = wordBefore(lexer.bytes, start);
  const rule = grammar.quotes.get(0x27)?.(utf8.encode(prefix + whole), utf8.encode(prefix).length)?.rule;
  if (rule?.closer !== "'") return false;
  lexer.open(lexer.inner("string", "'", { rule }), 1);
  lexer.advance(end);
  return true;
}

/** True if the text after the cursor completes the token, so that an insertion need not: <li║>, {{ a }║}. */
function isComplete(token: string, afterCursor: string): boolean {
  const isName = /^<[\w.:-]+$/.test(token);
  return isName ? /^( *\/?>| +[\w:@.-]+=)/.test(afterCursor) : /^[}%#]$/.test(token) && afterCursor.startsWith("}");
}

/** True for one or two quotes that may begin a triple-quoted string, unless the line already closes them. */
function beginsDocstring(
  { frame }: Lexer,
  incomplete: string,
  { linePrefix, afterCursor }: Readonly<Record<"linePrefix" | "afterCursor", string>>,
): boolean {
  const quote = incomplete.charAt(0);
  if (frame.mode !== "code" || afterCursor.includes(quote)) return false;
  if (incomplete.length === 1 && !/^\s*[a-z]{0,2}.$/i.test(linePrefix)) return false;
  const opening = frame.grammar.quotes.get(quote.charCodeAt(0))?.(utf8.encode(quote.repeat(3)), 0);
  return opening?.rule.closer.length === 3;
}

function isIncomplete(lexer: Lexer, token: string): boolean {
  const { frame } = lexer;
  const { mode, closer, grammar, rule } = frame;
  if (mode === "code" && token === grammar.codeEscape) return true;
  if (token === "\\") return rule?.escape === "backslash";
  if (token === "`") return rule?.escape === "backtick";
  if (mode === "text") return token.startsWith("<");
  const beginsWith = (complete: string): boolean => complete.length > token.length && complete.startsWith(token);
  if (mode === "comment") return beginsWith(closer);
  if (mode === "string") return (closer.length === 3 || rule?.isHeredoc === true) && beginsWith(closer);
  if (mode !== "code") return false;
  if (/^[}%#]$/.test(token)) return beginsWith(closer); // the end of a template's tag: }} or %}
  if (token.startsWith("<")) return startsTag(lexer);
  if (/^\w/.test(token)) return grammar.blockWords.size > 0 || grammar.commentLine !== undefined;
  return [...grammar.lineComments, ...grammar.blockComments.map(([opener]) => opener)].some(beginsWith);
}

const utf8 = new TextEncoder();
