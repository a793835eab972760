// Finds an incomplete token before the cursor. It has no meaning yet, because an insertion may complete it.
import type { Lexer } from "./lexer.js";

/**
 * Advances a lexer to the end of its text, or to the start of an incomplete token at the end.
 * @param linePrefix the last line of the text.
 * @returns the length of that token; 0 if there is none.
 */
export function advanceToToken(lexer: Lexer, linePrefix: string): number {
  const end = lexer.bytes.length;
  for (const token of [/<[!/?]?(?:-|[\w.:-]*)$/, /(?:"{1,2}|'{1,2}|[*/-]+|\\)$/, /[A-Za-z]+$/]) {
    const units = token.exec(linePrefix)?.[0].length ?? 0; // equal to its bytes, because it is ASCII
    if (units === 0) continue;
    lexer.advance(end - units);
    if (lexer.at === end - units && isIncomplete(lexer, linePrefix.slice(-units))) return units;
  }
  lexer.advance(end);
  return 0;
}

function isIncomplete({ frame }: Lexer, token: string): boolean {
  const { mode, closer, grammar, rule } = frame;
  if (token === "\\") return mode === "code" ? grammar.escapesInCode : rule?.escape === "backslash";
  if (mode === "text") return token.startsWith("<");
  const beginsWith = (complete: string): boolean => complete.length > token.length && complete.startsWith(token);
  if (mode === "comment") return beginsWith(closer);
  if (mode === "string") return closer.length === 3 && beginsWith(closer);
  if (mode !== "code") return false;
  if (/^\w/.test(token)) return grammar.blockWords.size > 0;
  return [...grammar.lineComments, ...grammar.blockComments.map(([opener]) => opener)].some(beginsWith);
}
