import { framesInside } from "../../src/core/structure/frame.js";
import { Lexer } from "../../src/core/structure/lexer.js";
import type { LexerState } from "../../src/core/structure/lexerCursor.js";

/**
 * Simulates an editor that inserts the closer when the user types an opening bracket or quote.
 * @param text the cursor's line as it is in the file, followed by the further lines of the expected completion, if any.
 * @param at offset of the cursor in the text.
 * @returns the closers that the editor has inserted after the cursor: those of the brackets and quotes that the line
 * opens before the cursor and the text closes after it.
 */
export function autoClosers(text: string, at: number, state: LexerState): string {
  const encoder = new TextEncoder();
  const bytes = encoder.encode(text);
  const cursor = encoder.encode(text.slice(0, at)).length;
  const lexer = new Lexer(bytes, 0, state);
  lexer.advance(cursor);
  if (lexer.at > cursor) return "";
  const opened = framesInside(lexer.frame, 0).filter((frame) => !isIn(state.frame, frame));
  let lowest = lexer.frame.depth + 1;
  const rest = new Lexer(bytes, cursor, lexer.state, {
    closed: ({ depth }) => void (lowest = Math.min(lowest, depth)),
  });
  rest.advance(bytes.length);
  let closers = "";
  for (const { kind, closer, depth } of opened) {
    const isTyped = kind === "bracket" || (kind === "string" && /^["'`]$/.test(closer));
    if (!isTyped || depth < lowest) break;
    closers += closer;
  }
  return closers;
}

function isIn(frame: LexerState["frame"], wanted: LexerState["frame"]): boolean {
  return framesInside(frame, 0).includes(wanted);
}
