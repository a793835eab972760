// Classifies each byte by what it may start in a grammar's code, so that the lexer can skip plain bytes with one
// lookup.
import type { Grammar } from "./grammar.js";

/** `bracket`: a bracket or semicolon that begins no comment, string or heredoc. */
export const byteClass = { plain: 0, bracket: 1, punctuation: 2, lineEnd: 3, escape: 4, word: 5 } as const;

const known = new WeakMap<Grammar, Uint8Array>();

/** @returns 256 entries, one of `byteClass` for each byte value. Cached per grammar. */
export function byteClassesOf(grammar: Grammar): Uint8Array {
  const classes = known.get(grammar);
  if (classes !== undefined) return classes;
  const made = classesOf(grammar);
  known.set(grammar, made);
  return made;
}

function classesOf(grammar: Grammar): Uint8Array {
  const classes = new Uint8Array(256);
  for (const bracket of "()[]{};") classes[bracket.charCodeAt(0)] = byteClass.bracket;
  const comments = [...grammar.lineComments, ...grammar.blockComments.map(([opener]) => opener)];
  for (const text of ["<", "?", ...comments]) classes[text.charCodeAt(0)] = byteClass.punctuation;
  for (const quote of grammar.quotes.keys()) classes[quote] = byteClass.punctuation;
  if (grammar.backticksHoldCode) classes[0x60] = byteClass.punctuation;
  if (grammar.hasDirectives) classes[0x23] = byteClass.punctuation;
  if (grammar.hasRegularExpressions) classes[0x2f] = byteClass.punctuation;
  if (grammar.codeEscape !== "") classes[grammar.codeEscape.charCodeAt(0)] = byteClass.escape;
  for (const word of grammar.blockWords.keys()) classes[word.charCodeAt(0)] = byteClass.word;
  classes[0x0a] = byteClass.lineEnd;
  return classes;
}
