import type { Frame } from "./frame.js";
import { Lexer } from "./lexer.js";
import { concatenated, unitsOf, type Surroundings } from "./surroundings.js";

/** A text for the cursor, and how many UTF-16 units right of the cursor it replaces. */
export interface Insertion {
  readonly text: string;
  readonly replaced: number;
}

/**
 * The most of a text that may be inserted at the cursor: afterwards nothing is closed twice, and nothing that was closed
 * is open. Closers right of the cursor are replaced by the text's own; where the text would close what other text closes,
 * it ends; what it leaves open before closers is closed.
 * @returns undefined if nothing of the text may be inserted.
 */
export function fitted(text: string, surroundings: Surroundings): Insertion | undefined {
  let candidate = text;
  // Each round shortens the text; the bound is for text that consists of closers.
  for (let round = 0; round < 16 && candidate.trim() !== ""; round++) {
    const trace = traced(candidate, surroundings);
    if (trace.cut !== undefined) {
      candidate = cutBefore(candidate, trace.cut);
      continue;
    }
    const fit = completed(candidate, trace, surroundings);
    if (fit !== undefined && isIntact(fit, trace, surroundings)) return fit;
    candidate = cutBefore(candidate, trace.lastOuter ?? candidate.lastIndexOf("\n"));
  }
  return undefined;
}

/** What a text does to what is open at the cursor. */
interface Trace {
  /** Units of the text before the first closer that it must not have; undefined if it has none. */
  readonly cut: number | undefined;
  /** Units before the last closer that closes something outside the text. */
  readonly lastOuter: number | undefined;
  /** Units right of the cursor up to the last closer that the text has as well. */
  readonly replaced: number;
  /** Depth of the innermost frame outside the text that is open at the text's end. */
  readonly outerDepth: number;
  /** What is open at the text's end. */
  readonly frame: Frame;
}

const closersOnly = /^[)\]}>"'`;,\s]*$/;

function traced(text: string, { site, closedAt }: Surroundings): Trace {
  const bytes = encoder.encode(text);
  const start = site.before.length;
  const all = concatenated(site.before, bytes, encoder.encode(site.after));
  const isReplaceable = closersOnly.test(site.after);
  let cut: number | undefined;
  let strayAt: number | undefined;
  /** The frame that was closed although it is closed below; a frame in its place makes up for it. */
  let owed: Frame | undefined;
  let lastOuter: number | undefined;
  let replaced = 0;
  let outerDepth = site.state.frame.depth;
  const offset = (at: number): number => unitsOf(bytes, at - start);
  const closed = (frame: Frame, at: number): void => {
    const { depth } = frame;
    if (depth > outerDepth || depth === 0) return;
    const where = closedAt[depth] ?? { kind: "nowhere" };
    if (where.kind === "below" || (where.kind === "right" && !isReplaceable)) {
      cut ??= offset(at);
      owed = frame;
    }
    if (where.kind === "right") replaced = where.end;
    lastOuter = offset(at);
    outerDepth = depth - 1;
  };
  const opened = ({ depth, closer }: Frame): void => {
    outerDepth = Math.min(outerDepth, depth - 1);
    if (owed?.depth === depth && owed.closer === closer) owed = undefined;
  };
  const stray = (_closer: string, at: number): void => {
    strayAt ??= offset(at);
  };
  const lexer = new Lexer(all, start, site.state, { opened, closed, stray });
  lexer.advance(start + bytes.length);
  const isMadeUpFor = strayAt === undefined && owed === undefined;
  return {
    cut: isMadeUpFor ? undefined : Math.min(cut ?? Infinity, strayAt ?? Infinity),
    lastOuter,
    replaced,
    outerDepth,
    frame: lexer.frame,
  };
}

const encoder = new TextEncoder();

/** The text with what it needs before what stays right of it; undefined if it cannot be had. */
function completed(
  text: string,
  { replaced, outerDepth, frame }: Trace,
  { site }: Surroundings,
): Insertion | undefined {
  const right = site.after.slice(replaced);
  const trimmed = text.trimEnd();
  const last = trimmed.at(-1) ?? "";
  // A separator that stands there already is not doubled; none stands before a closer.
  if (/[;,]/.test(last) && right.trimStart().startsWith(last)) {
    return { text, replaced: replaced + right.length - right.trimStart().length + 1 };
  }
  if (last === ";" && /^\s*[)\]"'`]/.test(right)) return { text: trimmed.slice(0, -1), replaced };
  if (frame.depth <= outerDepth || right.trim() === "") return { text, replaced };
  return { text: text + closersOf(frame, outerDepth).join(""), replaced };
}

/** The closers of the frames inside the one at `outerDepth`, the innermost first. */
function closersOf(frame: Frame, outerDepth: number): string[] {
  const closers: string[] = [];
  for (let one = frame; one.depth > outerDepth && one.parent !== undefined; one = one.parent) closers.push(one.closer);
  return closers;
}

/** True if the line's end has open what it had before, less what the text closes, more what it opens at its end. */
function isIntact(
  { text, replaced }: Insertion,
  { outerDepth, frame }: Trace,
  { site, lineEnd }: Surroundings,
): boolean {
  const right = site.after.slice(replaced);
  const start = site.before.length;
  const bytes = concatenated(site.before, encoder.encode(text + right));
  const lexer = new Lexer(bytes, start, site.state);
  lexer.advance(bytes.length);
  const now = closersOf(lexer.frame, 0).reverse();
  const before = closersOf(lineEnd, 0).reverse();
  if (right.trim() === "") {
    const opened = closersOf(frame, outerDepth).reverse();
    return now.join() === [...before.slice(0, Math.min(outerDepth, before.length)), ...opened].join();
  }
  return now.join() === before.join();
}

function cutBefore(text: string, units: number): string {
  return text.slice(0, Math.max(0, units)).replace(/\n[^\S\n]*$/, "");
}
