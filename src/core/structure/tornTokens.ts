// Tokens that the cursor splits: an insertion may complete them, so they mean nothing before.
import type { Lexer } from "./lexer.js";

/**
 * Advances a lexer to the end of its text, or to where a token begins that the end tears.
 * @param linePrefix the last line of the text.
 * @returns units of that token before the end; 0 if there is none.
 */
export function advanceToToken(lexer: Lexer, linePrefix: string): number {
  const end = lexer.bytes.length;
  for (const token of [/<[!/?]?(?:-|[\w.:-]*)$/, /(?:"{1,2}|'{1,2}|[*/-]+|\\)$/, /[A-Za-z]+$/]) {
    const units = token.exec(linePrefix)?.[0].length ?? 0; // as many bytes: it is ASCII
    if (units === 0) continue;
    lexer.advance(end - units);
    if (lexer.at === end - units && isTorn(lexer, linePrefix.slice(-units))) return units;
  }
  lexer.advance(end);
  return 0;
}

function isTorn({ frame }: Lexer, token: string): boolean {
  const { mode, closer, grammar, rule } = frame;
  if (token === "\\") return mode === "code" ? grammar.escapesInCode : rule?.escape === "backslash";
  if (mode === "text") return token.startsWith("<");
  const isPart = (whole: string): boolean => whole.length > token.length && whole.startsWith(token);
  if (mode === "comment") return isPart(closer);
  if (mode === "string") return closer.length === 3 && isPart(closer);
  if (mode !== "code") return false;
  if (/^\w/.test(token)) return grammar.blockWords.size > 0;
  return [...grammar.lineComments, ...grammar.blockComments.map(([opener]) => opener)].some(isPart);
}
