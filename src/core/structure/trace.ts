import { startsWithAt } from "./bytes.js";
import type { Frame } from "./frame.js";
import type { InsertionPoint } from "./insertionPoint.js";
import { Lexer } from "./lexer.js";
import { columnsOf } from "./lines.js";
import { concatenated, unitsOf, type ClosedAt } from "./surroundings.js";

/**
 * How an inserted text changes the frames that are open at the cursor. Offsets are in UTF-16 code units of the text.
 */
export interface Trace {
  /** Offset of the first token that the text must not contain, usually a closer; undefined if there is none. */
  readonly cut: number | undefined;
  /** Offset of the last closer that closes a frame outside the text. */
  readonly lastOuter: number | undefined;
  /** Number of UTF-16 code units after the cursor that the text's closers replace. */
  readonly replaced: number;
  /** Depths of the frames that are open at the cursor and that nothing but the text closes. */
  readonly ended: ReadonlySet<number>;
  /** Depth of the innermost frame outside the text that is still open at its end. */
  readonly outerDepth: number;
  /** The frame at the end of the text. */
  readonly frame: Frame;
}

/** True if a text consists only of closing brackets, quotes, separators and whitespace. */
export function areClosersOnly(text: string): boolean {
  return /^[)\]}>"'`;,\s]*$/.test(text);
}

/**
 * True if the cursor is before text of its line that does not begin with a closer, so that a separate line may be
 * inserted.
 */
export function isBeforeLine({ linePrefix, afterCursor }: InsertionPoint): boolean {
  return linePrefix.trim() === "" && !areClosersOnly(afterCursor) && !/^\s*([)\]}]|<\/|\*\/)/.test(afterCursor);
}

/** Follows what a text opens and closes if it is inserted at the cursor. */
export function traced(text: string, point: InsertionPoint): Trace {
  const { linePrefix, surroundings } = point;
  const { site, closedAt } = surroundings;
  const bytes = encoder.encode(text);
  const start = site.before.length;
  const from = start - site.pending;
  const isReplaceable = areClosersOnly(site.after) || endsElement(site.state.frame, site.after);
  // Closers that the text may replace are left out: a quote that the editor inserted is not the second half of '' (an
  // escaped quote in SQL).
  const all = concatenated(site.before, bytes, encoder.encode(isReplaceable ? "" : site.after));
  let cut: number | undefined;
  let unmatchedAt: number | undefined;
  /**
   * A frame that the text closed although other text closes it, too. Opening an equal frame afterwards makes up for it.
   */
  let owed: Frame | undefined;
  /** A frame that the text opened to make up for an owed frame, and that owed frame. */
  let madeUp: { readonly frame: Frame; readonly owed: Frame } | undefined;
  /** True if the text's closer begins a branch, such as `else`, that already follows below. */
  let isBranchBelow = false;
  let lastOuter: number | undefined;
  let replaced = 0;
  let outerDepth = site.state.frame.depth;
  const ended = new Set<number>();
  const offset = (at: number): number => unitsOf(bytes, Math.max(0, at - start));
  const closed = (frame: Frame, at: number): void => {
    const { depth } = frame;
    if (frame === madeUp?.frame) owed = madeUp.owed;
    if (depth > outerDepth) return;
    const existing = closedAt[depth] ?? { kind: "nowhere" };
    if (existing.kind === "below" || (existing.kind === "right" && !isReplaceable)) {
      const isSelfClosing = frame.kind === "tag" && all[at - 1] === 0x2f; // the slash of /> goes with it
      cut ??= offset(isSelfClosing ? at - 1 : at);
      owed = frame;
      isBranchBelow =
        existing.kind === "below" && isSameBranch(text.slice(offset(at)), existing.line, frame.grammar.branch);
    } else if (existing.kind === "right") replaced = existing.end;
    for (let d = depth; d <= outerDepth; d++) if (closedAt[d]?.kind === "nowhere") ended.add(d);
    lastOuter = offset(at);
    outerDepth = depth - 1;
  };
  const opened = (frame: Frame, at: number): void => {
    const { depth, closer, grammar, parent } = frame;
    const { interpolationOnly } = grammar;
    const end = at + 1;
    const isInterpolation =
      interpolationOnly !== "" && startsWithAt(all, end - interpolationOnly.length, interpolationOnly);
    if (isInterpolation && parent?.mode === "code") unmatchedAt ??= offset(end - interpolationOnly.length);
    // A statement or a start tag may have ended frames without a closer.
    for (let d = depth; d <= outerDepth; d++) if (closedAt[d]?.kind === "nowhere") ended.add(d);
    outerDepth = Math.min(outerDepth, depth - 1);
    if (owed?.closer !== closer || isBranchBelow || !takesPlaceOf(owed, depth, closedAt)) return;
    madeUp = { frame, owed };
    owed = undefined;
  };
  const unmatched = (closer: string, at: number): void => {
    // If several end tags of this kind are unmatched below, the page is sloppy, so another one is tolerated.
    const isSloppy = closer.startsWith("</") && surroundings.unmatched.filter((one) => one === closer).length > 1;
    if (!isSloppy) unmatchedAt ??= offset(at);
  };
  const statementEnded = ({ depth, closer }: Frame, at: number): void => {
    if (depth <= outerDepth && closer === ")" && !mayHoldStatements(text, point)) unmatchedAt ??= offset(at);
    // The closers after the cursor belong to the statement at the cursor, so they cannot close a frame that opens after
    // its end.
    if (owed !== undefined && closedAt[owed.depth]?.kind === "right") unmatchedAt ??= cut;
  };
  const indent = columnsOf(linePrefix + text);
  const state = linePrefix.trim() === "" ? { ...site.state, indent, columns: indent, isFirst: true } : site.state;
  const lexer = new Lexer(all, from, state, { opened, closed, unmatched, statementEnded });
  lexer.advance(start + bytes.length);
  const { frame } = lexer;
  const cuts = [owed === undefined ? undefined : cut, unmatchedAt].filter((units) => units !== undefined);
  return { cut: cuts.length > 0 ? Math.min(...cuts) : undefined, lastOuter, replaced, ended, outerDepth, frame };
}

const encoder = new TextEncoder();

/** True if only the end of the cursor's tag, optionally with the element's end tag, follows the cursor. */
function endsElement({ kind, closer }: Frame, after: string): boolean {
  return kind === "tag" && (after.trim() === ">" || after.trim() === `></${closer}>`);
}

/**
 * True if a new frame at a depth may take over the closer of the owed frame, because no frame from there up to the owed
 * one is closed elsewhere.
 */
function takesPlaceOf(owed: Frame, depth: number, closedAt: readonly ClosedAt[]): boolean {
  return depth <= owed.depth && closedAt.slice(depth, owed.depth).every((one) => one.kind === "nowhere");
}

/**
 * True if statements may end within parentheses: in a loop header, a Java try-with-resources, a Rust macro or a
 * subshell.
 */
function mayHoldStatements(text: string, { linePrefix, above, lineStart }: InsertionPoint): boolean {
  const { grammar, depth } = lineStart.frame;
  if (!grammar.lineComments.includes("//")) return true;
  if (grammar.hasMacros && (linePrefix + text).includes("$")) return true;
  // The line that opens the parenthesis around the cursor's line is the last one that begins outside it.
  const opener = above.findLast(({ start, end }) => start.depth < depth && end.depth >= depth);
  let open = (opener?.text ?? "").slice(-500);
  for (let pair; (pair = /\([^()]*\)/.exec(open));) open = open.replace(pair[0], ""); // pairs that the line also closes
  return /\b(for|try)\b/.test(linePrefix.slice(-200)) || /\b(for|try)\b[^;]*\([^)]*$/.test(open);
}

/**
 * True if two lines begin the same branch. A statement has only one `else` and `finally`, but may have several
 * `else if`.
 */
function isSameBranch(text: string, below: string, pattern: RegExp): boolean {
  const branchOf = (line: string): string | undefined => pattern.exec(line)?.[1];
  const branch = branchOf(text.split("\n")[0] ?? "");
  return branch !== undefined && branch === branchOf(below) && !/^[\s}]*else\s+if\b/.test(text);
}
