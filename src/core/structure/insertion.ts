import { completed, mayStayOpen, type Ending } from "./completing.js";
import { framesInside, type Frame } from "./frame.js";
import { mayLackEndTag, nameOf } from "./htmlElements.js";
import type { Insertion, InsertionPoint } from "./insertionPoint.js";
import { Lexer } from "./lexer.js";
import type { LexerState } from "./lexerCursor.js";
import { concatenated, leaveInterpolation, type Surroundings } from "./surroundings.js";
import { traced, type Trace } from "./trace.js";

/**
 * The text, or a prefix of it, that keeps the document's structure intact: nothing is closed twice, and nothing that
 * was closed becomes open. The text's closers replace those right after the cursor. The text is cut before a closer
 * that would close what other text already closes. If the text leaves frames open before other closers, the closers of
 * these frames are added.
 * @returns undefined if no such prefix is found.
 */
export function fitted(text: string, point: InsertionPoint, ending: Ending = "open"): Insertion | undefined {
  let candidate = text;
  // Each round shortens the text. The bound limits the time for a text that consists of closers.
  for (let round = 0; round < 16 && candidate.trim() !== ""; round++) {
    const trace = traced(candidate, point);
    if (trace.cut !== undefined) {
      candidate = cutBefore(candidate, trace.cut);
      continue;
    }
    const asIs = { text: candidate, replaced: trace.replaced };
    if (isClosedOnLine(candidate, trace, point) && isIntact(asIs, trace, point)) return asIs;
    const fit = completed(candidate, trace, point, ending);
    if (fit !== undefined && isIntact(fit, trace, point)) return fit;
    candidate = cutBefore(candidate, trace.lastOuter ?? candidate.lastIndexOf("\n"));
  }
  return undefined;
}

/**
 * True if a text within a line leaves something open, and the text after the cursor closes it, or leaves it open until
 * a line below.
 */
function isClosedOnLine(
  text: string,
  { frame, outerDepth, replaced }: Trace,
  { surroundings }: InsertionPoint,
): boolean {
  const { site } = surroundings;
  const right = site.after.slice(replaced);
  if (frame.depth <= outerDepth || text.includes("\n") || mayStayOpen(right, site.state.frame.grammar)) return false;
  const bytes = concatenated(site.before, encoder.encode(text + right));
  const closed = new Set<Frame>();
  const state = { closed: (one: Frame) => void closed.add(one) };
  const lexer = new Lexer(bytes, site.before.length - site.pending, site.state, state);
  lexer.advance(bytes.length - encoder.encode(right).length);
  const opened = framesInside(lexer.frame, outerDepth);
  leaveInterpolation(lexer, right);
  lexer.advance(bytes.length);
  const open = new Set(framesInside(lexer.frame, outerDepth));
  return opened.every((one) => closed.has(one) || open.has(one));
}

/**
 * True if the same frames are open at the end of the cursor's line as before, apart from those that the text ends. If
 * at most separators or a comment follow the text, more frames may be open.
 */
function isIntact({ text, replaced }: Insertion, { ended }: Trace, { surroundings }: InsertionPoint): boolean {
  const { site, lineEnd } = surroundings;
  const right = site.after.slice(replaced);
  if (/[([{]\s*$/.test(text) && /^\s*,/.test(right)) return false;
  const start = site.before.length;
  // The newline is included because it ends a line comment.
  const bytes = concatenated(site.before, encoder.encode(`${text}${right}\n`));
  const lexer = new Lexer(bytes, start - site.pending, site.state);
  lexer.advance(bytes.length - encoder.encode(`${right}\n`).length);
  if (hidesClosers(lexer.state, right, site.state)) return false;
  leaveInterpolation(lexer, right);
  lexer.advance(bytes.length - 1);
  const closersOf = (frame: Frame, without?: ReadonlySet<number>): string[] =>
    framesInside(frame, 0)
      .reverse()
      .filter((one) => without?.has(one.depth) !== true && !isOptional(one))
      // A line comment ends with its line, so it counts as closed.
      .map(({ kind, closer }) => (kind === "comment" && closer === "\n" ? "" : closer));
  const now = closersOf(lexer.frame);
  const expected = closersOf(lineEnd, ended);
  if (!mayStayOpen(right, site.state.frame.grammar)) {
    const known = expected.filter(Boolean);
    const open = now.filter(Boolean);
    return (
      known.every((closer, i) => closer === open[i]) &&
      areUnmatched(open.slice(known.length).toReversed(), surroundings)
    );
  }
  return expected.every((closer, i) => closer === "" || now[i] === closer);
}

/** True if these closers, innermost first, occur below in this order, and none of them has an opener. */
function areUnmatched(closers: readonly string[], surroundings: Surroundings): boolean {
  if (closers.length === 0) return true;
  const { unmatched } = surroundings; // lexes all lines below, so only if needed
  return unmatched.some((_, from) => closers.every((closer, i) => unmatched[from + i] === closer));
}

/** True if a text begins a heredoc before closers that its language does not allow on the heredoc's first line. */
function hidesClosers({ heredoc, frame }: LexerState, right: string, before: LexerState): boolean {
  const isNew = heredoc !== undefined && heredoc !== before.heredoc;
  return isNew && !frame.grammar.continuesAfterHeredoc && /^\s*[)\]}"'`]/.test(right);
}

/** True for an element with an optional end tag. */
function isOptional({ kind, closer }: Frame): boolean {
  return kind === "element" && mayLackEndTag(nameOf(closer));
}

function cutBefore(text: string, units: number): string {
  return text.slice(0, Math.max(0, units)).replace(/\n[^\S\n]*$/, "");
}

const encoder = new TextEncoder();
