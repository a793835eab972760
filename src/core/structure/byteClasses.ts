// What each byte may mean in a grammar's code: most bytes mean nothing, and one look skips them.
import type { Grammar } from "./grammar.js";

export const byteClass = { plain: 0, sign: 1, lineEnd: 2, escape: 3, word: 4 } as const;

const known = new WeakMap<Grammar, Uint8Array>();

/** By byte, one of `byteClass`. */
export function byteClassesOf(grammar: Grammar): Uint8Array {
  const classes = known.get(grammar) ?? classesOf(grammar);
  known.set(grammar, classes);
  return classes;
}

function classesOf(grammar: Grammar): Uint8Array {
  const classes = new Uint8Array(256);
  const signs = ["(", ")", "[", "]", "{", "}", "<", "?", ";"];
  const comments = [...grammar.lineComments, ...grammar.blockComments.map(([opener]) => opener)];
  for (const sign of [...signs, ...comments]) classes[sign.charCodeAt(0)] = byteClass.sign;
  for (const quote of grammar.quotes.keys()) classes[quote] = byteClass.sign;
  if (grammar.hasRegularExpressions) classes[0x2f] = byteClass.sign;
  if (grammar.escapesInCode) classes[0x5c] = byteClass.escape;
  if (grammar.blockWords.size > 0) {
    for (let byte = 0x41; byte <= 0x5a; byte++) classes[byte] = classes[byte + 0x20] = byteClass.word;
  }
  classes[0x0a] = byteClass.lineEnd;
  return classes;
}
