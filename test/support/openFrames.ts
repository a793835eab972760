import assert from "node:assert/strict";
import test from "node:test";
import { framesInside, type Frame } from "../../src/core/structure/frame.js";
import { grammarOf } from "../../src/core/structure/languages.js";
import { Lexer } from "../../src/core/structure/lexer.js";
import { initialState, type StructureListener } from "../../src/core/structure/lexerCursor.js";
import { codeLines, type CodeLine } from "../../src/core/structure/lines.js";

/** A claim, a file name, a text, and the result that `openAt` must return for them. */
export type OpenFrames = readonly [claim: string, path: string, text: string, open: string];

/** A lexer that has read `text`. */
export function lexed(path: string, text: string, listener?: StructureListener): Lexer {
  const bytes = Buffer.from(text);
  const lexer = new Lexer(bytes, 0, initialState(grammarOf(path)), listener);
  lexer.advance(bytes.length);
  return lexer;
}

export function linesOf(path: string, text: string): CodeLine[] {
  return codeLines(text, initialState(grammarOf(path)));
}

/**
 * The closers of the frames that are open at the end of the text, outermost first, then "stray" and each unmatched
 * closer.
 */
export function openAt(path: string, text: string): string {
  const strays: string[] = [];
  const unmatched = (closer: string): void => void strays.push(`stray ${closer}`);
  return [closersOf(lexed(path, text, { unmatched }).frame).join(" "), ...strays].filter(Boolean).join(", ");
}

/** The closers of a frame and of those around it, outermost first. */
export function closersOf(frame: Frame): string[] {
  return framesInside(frame, 0)
    .map(({ closer }) => closer)
    .reverse();
}

/** The indentation of each frame that is open at the end of a text, in columns, outermost first. */
export function indentsAt(path: string, text: string): number[] {
  return framesInside(lexed(path, text).frame, 0)
    .map(({ indent }) => indent)
    .reverse();
}

/** The tokens of a text that open or close a frame or end a statement, such as `(`, `)` and `;`. */
export function tokensOf(path: string, text: string): string[] {
  const tokens: Token[] = [];
  lexed(path, text, listenerFor(Buffer.from(text), tokens));
  return tokens.map(({ token }) => token);
}

/** Declares a test per row: the frames at the end are as expected, and lexing may stop and resume at any byte. */
export function testOpenFrames(kind: string, rows: readonly OpenFrames[]): void {
  for (const [claim, path, text, open] of rows) {
    test(`${kind}: ${claim}`, () => {
      assert.equal(openAt(path, text), open);
      assertSameInParts(path, text);
    });
  }
}

/**
 * Asserts that a lexer that stops at any offset has read no token at or after that offset, and that it finds the same
 * tokens when it is resumed.
 */
function assertSameInParts(path: string, text: string): void {
  const bytes = Buffer.from(text);
  const start = initialState(grammarOf(path));
  const wholeTokens: Token[] = [];
  const whole = new Lexer(bytes, 0, start, listenerFor(bytes, wholeTokens));
  whole.advance(bytes.length);
  for (let stop = 1; stop < Math.min(bytes.length, 200); stop++) {
    const tokens: Token[] = [];
    const lexer = new Lexer(bytes, 0, start, listenerFor(bytes, tokens));
    lexer.advance(stop);
    assert.ok(
      tokens.every(({ at }) => at < stop),
      `a token at ${stop} or later was read`,
    );
    const resumed = new Lexer(bytes, lexer.at, lexer.state, listenerFor(bytes, tokens));
    resumed.advance(bytes.length);
    assert.deepEqual(tokens, wholeTokens, `stopped at ${stop}`);
    assert.deepEqual(resumed.state, whole.state, `stopped at ${stop}`);
  }
}

interface Token {
  readonly at: number;
  readonly token: string;
}

/** A listener that adds each token to `tokens`. */
function listenerFor(bytes: Buffer, tokens: Token[]): StructureListener {
  const add = (at: number, length: number): void => {
    tokens.push({ at, token: bytes.toString("utf8", at, at + length) });
  };
  return {
    opened: (_, at, length) => {
      add(at, length);
    },
    closed: (_, at, length) => {
      add(at, length);
    },
    unmatched: (closer, at) => {
      tokens.push({ at, token: closer });
    },
    statementEnded: (_, at) => {
      add(at, 1);
    },
  };
}
