import type { Frame } from "./frame.js";
import type { InsertionPoint } from "./insertionPoint.js";
import { Lexer } from "./lexer.js";
import { columnsOf } from "./lines.js";
import { concatenated, unitsOf } from "./surroundings.js";

/** How an inserted text changes the frames that are open at the cursor. Offsets are UTF-16 units of the text. */
export interface Trace {
  /** Offset of the first closer that the text must not contain; undefined if there is none. */
  readonly cut: number | undefined;
  /** Offset of the last closer that closes a frame outside the text. */
  readonly lastOuter: number | undefined;
  /** UTF-16 units after the cursor that the text's closers replace. */
  readonly replaced: number;
  /** Depths of the cursor's frames that only the text closes. */
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

/** Lexes a text as if it were inserted at the cursor. */
export function traced(text: string, { linePrefix, surroundings }: InsertionPoint): Trace {
  const { site, closedAt } = surroundings;
  const bytes = encoder.encode(text);
  const start = site.before.length;
  const from = start - site.pending;
  const all = concatenated(site.before, bytes, encoder.encode(site.after));
  const isReplaceable = areClosersOnly(site.after);
  let cut: number | undefined;
  let unmatchedAt: number | undefined;
  /** The frame that the text closed although other text closes it. Opening an equal frame afterwards settles it. */
  let owed: Frame | undefined;
  /** True if the text's closer begins a branch, such as `else`, that already follows below. */
  let isBranchBelow = false;
  let lastOuter: number | undefined;
  let replaced = 0;
  let outerDepth = site.state.frame.depth;
  const ended = new Set<number>();
  const offset = (at: number): number => unitsOf(bytes, Math.max(0, at - start));
  const closed = (frame: Frame, at: number): void => {
    const { depth } = frame;
    if (depth > outerDepth || depth === 0) return;
    const existing = closedAt[depth] ?? { kind: "nowhere" };
    if (existing.kind === "below" || (existing.kind === "right" && !isReplaceable)) {
      cut ??= offset(at);
      owed = frame;
      isBranchBelow =
        existing.kind === "below" && isSameBranch(text.slice(offset(at)), existing.line, frame.grammar.branch);
    } else if (existing.kind === "right") replaced = existing.end;
    for (let d = depth; d <= outerDepth; d++) if (closedAt[d]?.kind === "nowhere") ended.add(d);
    lastOuter = offset(at);
    outerDepth = depth - 1;
  };
  const opened = ({ depth, closer }: Frame): void => {
    outerDepth = Math.min(outerDepth, depth - 1);
    if (owed?.depth === depth && owed.closer === closer && !isBranchBelow) owed = undefined;
  };
  const unmatched = (_closer: string, at: number): void => {
    unmatchedAt ??= offset(at);
  };
  // No statement ends within the parentheses around the cursor, except between the parts of a for loop's head.
  const isLoop = /\bfor\b/.test(linePrefix.slice(-200));
  const statementEnded = ({ depth, closer }: Frame, at: number): void => {
    if (depth <= outerDepth && closer === ")" && !isLoop) unmatchedAt ??= offset(at);
  };
  const indent = columnsOf(linePrefix + text);
  const state = linePrefix.trim() === "" ? { ...site.state, indent, columns: indent } : site.state;
  const lexer = new Lexer(all, from, state, { opened, closed, unmatched, statementEnded });
  lexer.advance(start + bytes.length);
  const { frame } = lexer;
  const cuts = [owed === undefined ? undefined : cut, unmatchedAt].filter((units) => units !== undefined);
  return { cut: cuts.length > 0 ? Math.min(...cuts) : undefined, lastOuter, replaced, ended, outerDepth, frame };
}

const encoder = new TextEncoder();

/** True if two lines close a block and open the same branch of its statement, which can have only one `else`. */
function isSameBranch(text: string, below: string, pattern: RegExp): boolean {
  const branchOf = (line: string): string | undefined => pattern.exec(line)?.[1];
  const branch = branchOf(text.split("\n")[0] ?? "");
  return branch !== undefined && branch === branchOf(below) && !/^[\s}]*else\s+if\b/.test(text);
}
