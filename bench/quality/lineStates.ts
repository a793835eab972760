import { grammarOf } from "../../src/core/structure/languages.js";
import { Lexer } from "../../src/core/structure/lexer.js";
import { initialState, type LexerState } from "../../src/core/structure/lexerCursor.js";

/** The lexer's states at the starts of lines, from line `from` to line `to` inclusive. */
export function lineStates(path: string, lines: readonly string[], from: number, to: number): LexerState[] {
  const bytes = new TextEncoder().encode(lines.slice(0, to).join("\n") + "\n");
  const lexer = new Lexer(bytes, 0, initialState(grammarOf(path)));
  const states: LexerState[] = [];
  let start = 0;
  for (let line = 0; line <= to; line++) {
    lexer.advance(start);
    if (line >= from) states.push(lexer.state);
    const end = bytes.indexOf(0x0a, start);
    start = end < 0 ? bytes.length : end + 1;
  }
  return states;
}
