import { completed, mayStayOpen } from "./completing.js";
import { framesInside, type Frame } from "./frame.js";
import type { Insertion, InsertionPoint } from "./insertionPoint.js";
import { Lexer } from "./lexer.js";
import { concatenated } from "./surroundings.js";
import { traced, type Trace } from "./trace.js";

/**
 * The longest part of a text that leaves nothing closed twice and nothing open that was closed. Closers right of the cursor are replaced by the text's own; the text ends where it would close what other text
 * closes; what it leaves open before closers is closed.
 * @returns undefined if nothing of the text may be inserted.
 */
export function fitted(text: string, point: InsertionPoint): Insertion | undefined {
  let candidate = text;
  // Each round shortens the text; the bound is for text that consists of closers.
  for (let round = 0; round < 16 && candidate.trim() !== ""; round++) {
    const trace = traced(candidate, point);
    if (trace.cut !== undefined) {
      candidate = cutBefore(candidate, trace.cut);
      continue;
    }
    const fit = completed(candidate, trace, point);
    if (fit !== undefined && isIntact(fit, trace, point)) return fit;
    candidate = cutBefore(candidate, trace.lastOuter ?? candidate.lastIndexOf("\n"));
  }
  return undefined;
}

/** True if the line ends with the same frames open as before, less those that the text ends, more those it may leave open. */
function isIntact({ text, replaced }: Insertion, { ended }: Trace, { surroundings }: InsertionPoint): boolean {
  const { site, lineEnd } = surroundings;
  const right = site.after.slice(replaced);
  const start = site.before.length;
  // With the line end: a comment on this line ends there.
  const bytes = concatenated(site.before, encoder.encode(`${text}${right}\n`));
  const lexer = new Lexer(bytes, start - site.pending, site.state);
  lexer.advance(bytes.length - 1);
  const closersOf = (frame: Frame): string[] =>
    framesInside(frame, 0)
      .reverse()
      // A comment up to the line's end ends with its line, whatever it holds.
      .map(({ kind, closer }) => (kind === "comment" && closer === "\n" ? "" : closer));
  const now = closersOf(lexer.frame);
  const expected = closersOf(lineEnd).filter((_, i) => !ended.has(i + 1));
  if (!mayStayOpen(right, site.state.frame.grammar))
    return now.filter(Boolean).join("\n") === expected.filter(Boolean).join("\n");
  return expected.every((closer, i) => closer === "" || now[i] === closer);
}

function cutBefore(text: string, units: number): string {
  return text.slice(0, Math.max(0, units)).replace(/\n[^\S\n]*$/, "");
}

const encoder = new TextEncoder();
