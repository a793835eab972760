import { framesInside, type Frame } from "./frame.js";
import { Lexer } from "./lexer.js";
import type { LexerState } from "./lexerCursor.js";
import { closesBlock, columnsOf } from "./lines.js";

/** A cursor in a document. */
export interface InsertionSite {
  /** Bytes right before the cursor, enough to tell what the next token is. */
  readonly before: Uint8Array;
  /** What is open at the cursor, or where the token begins that the cursor is in. */
  readonly state: LexerState;
  /** Bytes of that token before the cursor. */
  readonly pending: number;
  /** How deep the cursor's line is, or the statement above it in the same block if that is deeper; in columns. */
  readonly columns: number;
  /** The cursor's line after the cursor. */
  readonly after: string;
  /** Lines below; all of them if `reachesEnd`. */
  readonly below: readonly string[];
  readonly reachesEnd: boolean;
}

/** Where what is open at the cursor is closed: right of it, below, or nowhere. */
export type ClosedAt =
  | { readonly kind: "right"; /** Units of `after` up to and including the closer. */ readonly end: number }
  | {
      readonly kind: "below";
      /** The line that closes it, if it is among those that were looked at. */ readonly line: string;
    }
  | { readonly kind: "nowhere" };

/** What the text around a cursor has open and closes, as it is before anything is inserted. */
export class Surroundings {
  readonly site: InsertionSite;
  /** By depth of the frame: where each frame that is open at the cursor is closed. */
  readonly closedAt: readonly ClosedAt[];
  /** What is open at the end of the cursor's line. */
  readonly lineEnd: Frame;
  /** Closers below that close nothing: what they belong to is missing. */
  readonly unmatched: readonly string[];

  constructor(site: InsertionSite) {
    this.site = site;
    const { frame } = site.state;
    const encoder = new TextEncoder();
    const right = encoder.encode(site.after);
    // A tag that is not whole yet says nothing: what is inserted makes it whole.
    const before = site.before.subarray(0, site.before.length - site.pending);
    const start = before.length;
    const lines = site.below.map((line) => encoder.encode(`${line}\n`));
    const bytes = concatenated(before, right, encoder.encode("\n"), ...lines);
    const closedAt: ClosedAt[] = Array.from({ length: frame.depth + 1 }, () => ({ kind: "nowhere" }));
    /** Depth of the innermost frame that is open at the cursor and not closed yet. */
    let open = frame.depth;
    const closed = ({ depth }: Frame, at: number, length: number): void => {
      if (depth > open || depth === 0) return;
      const end = at + length - start;
      const line = bytes.subarray(bytes.lastIndexOf(0x0a, at) + 1, lineEndAfter(bytes, at));
      closedAt[depth] =
        end <= right.length
          ? { kind: "right", end: unitsOf(right, end) }
          : { kind: "below", line: new TextDecoder().decode(line) };
      open = depth - 1;
    };
    // A frame that takes the place of one of the cursor's: that was left without being closed.
    const opened = ({ depth }: Frame): void => {
      open = Math.min(open, depth - 1);
    };
    const unmatchedClosers: string[] = [];
    let depthAfterUnmatched = Infinity;
    const onUnmatched = (closer: string, at: number): void => {
      const owner =
        at < start + right.length
          ? framesInside(frame, 0).find((one) => one.depth <= open && one.closer === closer)
          : undefined;
      if (owner === undefined) unmatchedClosers.push(closer);
      // A closer that the editor has put right of the cursor closes its bracket, whatever was opened in it since.
      else {
        closedAt[owner.depth] = { kind: "right", end: unitsOf(right, at + closer.length - start) };
        open = owner.depth - 1;
        depthAfterUnmatched = open;
      }
    };
    const lexer = new Lexer(bytes, start, site.state, { opened, closed, unmatched: onUnmatched });
    lexer.advance(start + right.length);
    while (lexer.frame.depth > depthAfterUnmatched) lexer.abandon();
    this.lineEnd = lexer.frame;
    let lineStart = start + right.length + 1;
    lexer.advance(lineStart);
    for (const [i, line] of site.below.entries()) {
      open = Math.min(open, lexer.frame.depth);
      while (open > 0 && lexer.frame.depth === open && isLeftOpenBefore(line, lexer.frame, site.columns)) {
        lexer.abandon();
        open = lexer.frame.depth;
      }
      lineStart += lines[i]?.length ?? 0;
      lexer.advance(lineStart);
    }
    // Blocks that reach past the lines looked at are assumed to be closed there.
    const reachesOn = !site.reachesEnd && open > 0;
    for (let one: Frame | undefined = lexer.frame; reachesOn && one !== undefined; one = one.parent) {
      if (one.depth > 0 && one.depth <= open && endsFarAway(one)) closedAt[one.depth] = { kind: "below", line: "" };
    }
    this.closedAt = closedAt;
    this.unmatched = unmatchedClosers;
  }
}

/** The offset of the next line end, or the length. */
function lineEndAfter(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(0x0a, at);
  return end < 0 ? bytes.length : end;
}

/** True if a line shows that a frame was never closed, although a closer further below may look like its own. */
function isLeftOpenBefore(line: string, frame: Frame, cursorColumns: number): boolean {
  const { kind, closer, indent, grammar } = frame;
  if (line.trim() === "") return false;
  if (kind === "comment") return leavesComment(line, closer);
  const columns = columnsOf(line);
  if (kind === "string") {
    if (closer.length === 1) return opensString(line, closer);
    if (closer !== '"""' && closer !== "'''") return false;
    return columns < indent || /^\s*\w*("""|''')[^\s\])},.:]/.exec(line)?.[1] === closer;
  }
  if (/^\s*[)\]}]/.test(line) || closesBlock(line, grammar)) return columns < indent;
  if (closer === ")" || closer === "]") return columns <= indent;
  if (kind === "element" && indent > 0) {
    if (/^\s*<\//.test(line)) return columns < indent;
    if (columns <= indent && cursorColumns === indent) return true; // it opens on the cursor's line and is one line
  }
  if (closer === "</template>" && /^<(script|style)\b/.test(line)) return true; // a component's parts
  // The cursor is deeper than the block, so what the block holds is.
  return columns <= indent && cursorColumns > indent && !mayBeLessDeep.test(line);
}

/** True if the first quote of a line looks like one that opens a string: so the one above was left open. */
function opensString(line: string, quote: string): boolean {
  const at = line.indexOf(quote);
  return at > 0 && /[\s=(,[{+:]$/.test(line.slice(0, at)) && /^[^\s)\],;}+.]/.test(line.slice(at + 1));
}

/** Labels, directives, comments and the middle parts of statements may be less deep than the block that they are in. */
const mayBeLessDeep =
  /^\s*(#|\/[/*]|\*|--|<|case\b|when\b|default\b|else\b|elif\b|elsif\b|rescue\b|ensure\b|then\b|do\b|esac\b|\w+\s*:)/;

/** True if the next comment begins, or what looks like the comment's end is followed by code: a regular expression. */
function leavesComment(line: string, closer: string): boolean {
  const opener = { "*/": "/*", "-->": "<!--" }[closer];
  if (opener === undefined) return false;
  const [before = "", ...after] = line.split(closer);
  if (opener === "<!--") return before.includes(opener);
  return before.includes(opener) || (after.join("").trim() !== "" && !/^\s*\*/.test(line));
}

function endsFarAway({ kind, closer }: Frame): boolean {
  return kind === "element" || kind === "block" || kind === "embedded" || closer === "}";
}

export function concatenated(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** How many UTF-16 units the first `bytes` bytes of a text are. */
export function unitsOf(text: Uint8Array, bytes: number): number {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(text.subarray(0, bytes)).length;
}
