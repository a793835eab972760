// Tokens that the cursor splits. An insertion may complete them, so they are not lexed before.
import { startsTag } from "./lexMarkup.js";
import type { Lexer } from "./lexer.js";

/**
 * Advances a lexer to the end of its text, or to the start of a token that the end may split.
 * @param linePrefix the last line of the text. @param afterCursor the rest of that line.
 * @returns the token's UTF-16 units before the end; 0 if there is none.
 */
export function advanceToToken(lexer: Lexer, linePrefix: string, afterCursor: string): number {
  const end = lexer.bytes.length;
  for (const token of [/<[!/?]?(?:-|[\w.:-]*)$/, /(?:"{1,2}|'{1,2}|[*/-]+|\\)$/, /[A-Za-z]+$/]) {
    const units = token.exec(linePrefix)?.[0].length ?? 0; // as many bytes: it is ASCII
    if (units === 0) continue;
    lexer.advance(end - units);
    const incomplete = linePrefix.slice(-units);
    if (lexer.at !== end - units || isWholeName(incomplete, afterCursor)) continue;
    if (isIncomplete(lexer, incomplete) || beginsDocstring(lexer, incomplete, { linePrefix, afterCursor }))
      return units;
  }
  lexer.advance(end);
  return 0;
}

/** True if the name of a tag is complete, because the tag continues after the cursor: <li¦>. */
function isWholeName(incomplete: string, afterCursor: string): boolean {
  return /^<[\w.:-]+$/.test(incomplete) && /^(\/?>| +[\w:@.-]+=)/.test(afterCursor);
}

/** True for the first one or two quotes of a triple-quoted string, unless the editor has already closed them. */
function beginsDocstring(
  { frame }: Lexer,
  incomplete: string,
  { linePrefix, afterCursor }: Readonly<Record<"linePrefix" | "afterCursor", string>>,
): boolean {
  const quote = incomplete.charAt(0);
  if (frame.mode !== "code" || !/^["']/.test(incomplete) || afterCursor.startsWith(quote)) return false;
  if (incomplete.length === 1 && !/^\s*[a-z]{0,2}.$/i.test(linePrefix)) return false;
  const whole = new TextEncoder().encode(quote.repeat(3));
  return frame.grammar.quotes.get(whole[0] ?? 0)?.(whole, 0)?.rule.closer.length === 3;
}

function isIncomplete(lexer: Lexer, token: string): boolean {
  const { frame } = lexer;
  const { mode, closer, grammar, rule } = frame;
  if (token === "\\") return mode === "code" ? grammar.escapesInCode : rule?.escape === "backslash";
  if (mode === "text") return token.startsWith("<");
  const beginsWith = (complete: string): boolean => complete.length > token.length && complete.startsWith(token);
  if (mode === "comment") return beginsWith(closer);
  if (mode === "string") return closer.length === 3 && beginsWith(closer);
  if (mode !== "code") return false;
  if (token.startsWith("<")) return startsTag(lexer);
  if (/^\w/.test(token)) return grammar.blockWords.size > 0;
  return [...grammar.lineComments, ...grammar.blockComments.map(([opener]) => opener)].some(beginsWith);
}
