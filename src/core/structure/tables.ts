// What each byte may mean in a grammar's code: most bytes mean nothing, and lexing skips them with one look.
import type { Grammar } from "./grammar.js";

export const byteClass = { plain: 0, sign: 1, lineEnd: 2, escape: 3, word: 4 } as const;

export interface Tables {
  /** By byte, one of `byteClass`. */
  readonly classes: Uint8Array;
}

const known = new WeakMap<Grammar, Tables>();

export function tablesOf(grammar: Grammar): Tables {
  const made = known.get(grammar) ?? { classes: classesOf(grammar) };
  known.set(grammar, made);
  return made;
}

function classesOf(grammar: Grammar): Uint8Array {
  const classes = new Uint8Array(256);
  const signs = [..."()[]{}<?", ...grammar.lineComments, ...grammar.blockComments.map(([open]) => open)];
  for (const sign of signs) classes[sign.charCodeAt(0)] = byteClass.sign;
  for (const quote of grammar.quotes.keys()) classes[quote] = byteClass.sign;
  if (grammar.hasRegularExpressions) classes[0x2f] = byteClass.sign;
  if (grammar.escapesInCode) classes[0x5c] = byteClass.escape;
  if (grammar.blockWords.size > 0) {
    for (let byte = 0x61; byte <= 0x7a; byte++) classes[byte] = byteClass.word;
    for (let byte = 0x41; byte <= 0x5a; byte++) classes[byte] = byteClass.word;
  }
  classes[0x0a] = byteClass.lineEnd;
  return classes;
}
