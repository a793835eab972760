import { maxLookAhead } from "./bytes.js";
import { isInOtherBranch, withDepthOf } from "./conditions.js";
import { framesInside, type Frame } from "./frame.js";
import { isLeftOpenBefore, type CursorLine } from "./leftOpen.js";
import { Lexer } from "./lexer.js";
import type { LexerState } from "./lexerCursor.js";
import { columnsOf } from "./lines.js";

/** A cursor and the text around it. */
export interface InsertionSite extends CursorLine {
  /** Bytes right before the cursor, enough to recognize the next token. */
  readonly before: Uint8Array;
  /** The lexer's state at the cursor, or at the start of an incomplete token before the cursor. */
  readonly state: LexerState;
  /** Length of that incomplete token in bytes; 0 if there is none. */
  readonly pending: number;
  /** Indentation in columns of the cursor's line, if the line prefix is blank or a tag that is being written. */
  readonly dedentedTo?: number;
  /** The cursor's line after the cursor. */
  readonly after: string;
  /** Lines below the cursor's; all of them if `reachesEnd`. */
  readonly below: readonly string[];
  readonly reachesEnd: boolean;
  /**
   * Depth at the start of the cursor's line, or at the cursor if a bracket is right before it. Frames deeper than this
   * have content on the cursor's line.
   */
  readonly depthAround: number;
}

/** Where a frame that is open at the cursor is closed. */
export type ClosedAt =
  /** On the cursor's line. `end` is the length of `after` up to and including the closer, in UTF-16 code units. */
  | { readonly kind: "right"; readonly end: number }
  /** On a later line. `line`: its text, or empty if the line is not in `below`. */
  | { readonly kind: "below"; readonly line: string }
  | { readonly kind: "nowhere" };

/** Where the text after a cursor closes the frames that are open at the cursor, before anything is inserted. */
export class Surroundings {
  readonly site: InsertionSite;
  /** Indexed by depth: where each frame that is open at the cursor is closed. */
  readonly closedAt: readonly ClosedAt[];
  /** The frame at the end of the cursor's line. */
  readonly lineEnd: Frame;
  readonly #unmatched: string[] = [];
  /**
   * Lexes the rest of the text, after all frames of the cursor are closed. Called on demand, because few texts need to
   * know the unmatched closers there.
   */
  readonly #readOn: () => void;

  constructor(site: InsertionSite) {
    this.site = site;
    const { frame } = site.state;
    const encoder = new TextEncoder();
    const right = encoder.encode(site.after);
    // An incomplete token before the cursor is left out, because the insertion completes it.
    const before = site.before.subarray(0, site.before.length - site.pending);
    const start = before.length;
    const bytes = concatenated(before, right, encoder.encode(`\n${site.below.map((line) => `${line}\n`).join("")}`));
    const closedAt: ClosedAt[] = Array.from({ length: frame.depth + 1 }, () => ({ kind: "nowhere" }));
    /** Depth of the innermost frame of the cursor that has not been closed so far. */
    let open = frame.depth;
    // Another branch of a condition is an alternative to the cursor's branch, so what it opens and closes does not
    // count.
    let { condition } = site.state;
    const isElsewhere = (): boolean => {
      const now = lexer.state.condition;
      condition = withDepthOf(now, condition); // conditions that have ended no longer count
      return isInOtherBranch(condition, now);
    };
    const closed = ({ depth, kind }: Frame, at: number, length: number): void => {
      if (depth > open || isElsewhere()) return;
      // The `>` of a start tag has length 0 here if it also opens an element; count it nevertheless.
      const end = at + (kind === "tag" ? 1 : length) - start;
      const line = bytes.subarray(bytes.lastIndexOf(0x0a, at) + 1, bytes.indexOf(0x0a, at));
      closedAt[depth] =
        end <= right.length
          ? { kind: "right", end: unitsOf(right, end) }
          : { kind: "below", line: new TextDecoder().decode(line) };
      open = depth - 1;
    };
    // A new frame at the depth of one of the cursor's frames means that the cursor's frame was abandoned without a
    // closer.
    const opened = ({ depth }: Frame): void => {
      if (!isElsewhere()) open = Math.min(open, depth - 1);
    };
    let depthAfterUnmatched = Infinity;
    const onUnmatched = (closer: string, at: number): void => {
      const owner =
        at < start + right.length
          ? framesInside(frame, 0).find((outer) => outer.depth <= open && outer.closer === closer)
          : undefined;
      if (isElsewhere()) return;
      if (owner === undefined) this.#unmatched.push(closer);
      // A closer that the editor inserted after the cursor closes its bracket, even if other frames were opened inside
      // it since.
      else {
        closedAt[owner.depth] = { kind: "right", end: unitsOf(right, at + closer.length - start) };
        open = owner.depth - 1;
        depthAfterUnmatched = open;
      }
    };
    const lexer = new Lexer(bytes, start, site.state, { opened, closed, unmatched: onUnmatched });
    leaveInterpolation(lexer, site.after);
    lexer.advance(start + right.length);
    while (lexer.frame.depth > depthAfterUnmatched) lexer.abandon();
    this.lineEnd = lexer.frame;
    let lineStart = start + right.length + 1;
    lexer.advance(lineStart);
    const own = framesInside(frame, 0).reverse();
    let isInNextTag = false;
    for (const line of site.below) {
      if (!isElsewhere()) open = Math.min(open, lexer.frame.depth);
      if (open === 0) break;
      isInNextTag ||= /^\s*<[A-Za-z]/.test(line);
      // Compares with the frames at the cursor, because the lexer has already adapted the indentation of its own frames
      // to the next line.
      while (
        open > 0 &&
        lexer.frame.depth === open &&
        !isElsewhere() &&
        isLeftOpenBefore(line, own[open - 1] ?? frame, site)
      ) {
        const { kind } = lexer.frame;
        lexer.abandon();
        // The tag of an unclosed attribute value ended before the next tag began.
        if (kind === "string" && lexer.frame.kind === "tag" && isInNextTag) lexer.abandon();
        open = lexer.frame.depth;
      }
      lineStart = bytes.indexOf(0x0a, lineStart) + 1;
      lexer.advance(Math.min(lineStart, bytes.length));
    }
    // Blocks that extend past the examined lines are assumed to be closed there.
    const columnsBelow = columnsOf(site.below.find((line) => line.trim() !== "") ?? "");
    const reachesOn = !site.reachesEnd && open > 0;
    for (let one: Frame | undefined = lexer.frame; reachesOn && one !== undefined; one = one.parent) {
      const isFar = one.depth > 0 && one.depth <= open && mayBeLong(one, columnsBelow, site);
      if (isFar) closedAt[one.depth] = { kind: "below", line: "" };
    }
    // If the cursor's line is not indented more than the block's opener, but the next line is, the user is about to end
    // the block.
    const isEnding = site.dedentedTo !== undefined && site.dedentedTo <= frame.indent && columnsBelow > frame.indent;
    if (isEnding && closedAt[frame.depth]?.kind === "below") closedAt[frame.depth] = { kind: "nowhere" };
    for (const depth of shifted(frame, closedAt)) closedAt[depth] = { kind: "nowhere" };
    this.closedAt = closedAt;
    this.#readOn = () => {
      while (lexer.at < bytes.length) {
        isElsewhere();
        lineStart = bytes.indexOf(0x0a, lexer.at) + 1;
        lexer.advance(lineStart === 0 ? bytes.length : lineStart);
      }
    };
  }

  /** Closers after the cursor that match no open frame, in document order. An insertion may supply their openers. */
  get unmatched(): readonly string[] {
    this.#readOn();
    return this.#unmatched;
  }
}

/**
 * If the quote after a lexer's text ends the string around an interpolation that is not closed on the line ("#{b║"),
 * leaves the interpolation. The lexer would take that quote for the start of a string within it.
 */
export function leaveInterpolation(lexer: Lexer, after: string): void {
  const interpolation = framesInside(lexer.frame, 0).find(({ parent }) => parent?.kind === "string");
  const string = interpolation?.parent;
  if (string === undefined || !after.trimStart().startsWith(string.closer)) return;
  const before = lexer.bytes.subarray(Math.max(0, lexer.at - maxLookAhead), lexer.at);
  const line = new Lexer(concatenated(before, new TextEncoder().encode(after)), before.length, lexer.state);
  line.advance(line.bytes.length);
  const { kind, closer, depth } = line.frame;
  if (kind !== "string" || closer !== string.closer || depth <= string.depth) return;
  while (lexer.frame !== string) lexer.abandon();
}

/**
 * True if a frame may continue past the examined lines. If the text below is not indented more, an element or
 * word-delimited block ends at the cursor, and so does a brace that has content on the cursor's line: `import { a║`.
 */
function mayBeLong({ kind, closer, indent, depth }: Frame, columnsBelow: number, site: InsertionSite): boolean {
  const isOnLine = closer === "}" && depth > site.depthAround;
  if (kind === "element" || kind === "block" || isOnLine) return columnsBelow > indent;
  return (kind === "embedded" && closer !== "}}") || closer === "}";
}

/**
 * Depths of the innermost frames whose closers below may belong to outer frames instead: one line closes them, but an
 * outer frame with the same closer and indentation lacks a closer, and nothing shows which of the two lacks it.
 */
function shifted(frame: Frame, closedAt: readonly ClosedAt[]): number[] {
  const inner = framesInside(frame, 0).filter(({ depth }) => closedAt[depth]?.kind !== "right");
  const frames = inner.slice(inner.findIndex(({ depth }) => closedAt[depth]?.kind === "below"));
  const line = lineOf(frames[0] && closedAt[frames[0].depth]);
  if (line === undefined || line === "") return [];
  const depths: number[] = [];
  for (const { depth, closer, indent } of frames) {
    const isLacking = (outer: Frame): boolean =>
      outer.closer === closer && outer.indent === indent && !(lineOf(closedAt[outer.depth]) ?? "");
    if (lineOf(closedAt[depth]) !== line || !frames.some(isLacking)) break;
    depths.push(depth);
  }
  return depths;
}

/** The line below that closes a frame; undefined if none does. */
function lineOf(closed: ClosedAt | undefined): string | undefined {
  return closed?.kind === "below" ? closed.line : undefined;
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

/** The number of UTF-16 code units in the first `bytes` bytes of a text. */
export function unitsOf(text: Uint8Array, bytes: number): number {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(text.subarray(0, bytes)).length;
}
