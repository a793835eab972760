import type { Frame } from "./frame.js";
import type { InsertionPoint } from "./insertionPoint.js";
import { Lexer } from "./lexer.js";
import { columnsOf } from "./lines.js";
import { concatenated, unitsOf } from "./surroundings.js";

/** What a text does to what is open at the cursor. */
export interface Trace {
  /** Units of the text before the first closer that it must not have; undefined if it has none. */
  readonly cut: number | undefined;
  /** Units before the last closer that closes something outside the text. */
  readonly lastOuter: number | undefined;
  /** UTF-16 units right of the cursor that the text's own closers replace. */
  readonly replaced: number;
  /** Depths of the cursor's frames that the text closes and nothing else does. */
  readonly ended: ReadonlySet<number>;
  /** Depth of the innermost frame outside the text that is open at the text's end. */
  readonly outerDepth: number;
  /** What is open at the text's end. */
  readonly frame: Frame;
}

/** True if a text is closing brackets, quotes and separators alone. */
export function areClosersOnly(text: string): boolean {
  return /^[)\]}>"'`;,\s]*$/.test(text);
}

/** Follows a text from the cursor on. */
export function traced(text: string, { linePrefix, surroundings }: InsertionPoint): Trace {
  const { site, closedAt } = surroundings;
  const bytes = encoder.encode(text);
  const start = site.before.length;
  const from = start - site.pending;
  const all = concatenated(site.before, bytes, encoder.encode(site.after));
  const isReplaceable = areClosersOnly(site.after);
  let cut: number | undefined;
  let unmatchedAt: number | undefined;
  /** The frame that was closed although other text closes it; a frame in its place makes up for it. */
  let owed: Frame | undefined;
  /** The branch that the text would begin with that closer begins below. */
  let isBranchBelow = false;
  let lastOuter: number | undefined;
  let replaced = 0;
  let outerDepth = site.state.frame.depth;
  const ended = new Set<number>();
  const offset = (at: number): number => unitsOf(bytes, Math.max(0, at - start));
  const closed = (frame: Frame, at: number): void => {
    const { depth } = frame;
    if (depth > outerDepth || depth === 0) return;
    const where = closedAt[depth] ?? { kind: "nowhere" };
    if (where.kind === "below" || (where.kind === "right" && !isReplaceable)) {
      cut ??= offset(at);
      owed = frame;
      isBranchBelow = where.kind === "below" && isSameBranch(text.slice(offset(at)), where.line);
    } else if (where.kind === "right") replaced = where.end;
    for (let one = depth; one <= outerDepth; one++) if (closedAt[one]?.kind === "nowhere") ended.add(one);
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
  // No statement ends within the parentheses that the cursor is in, but for the parts of a loop's head.
  const isLoop = /\bfor\b/.test(linePrefix.slice(-200));
  const statementEnded = ({ depth, closer }: Frame, at: number): void => {
    if (depth <= outerDepth && closer === ")" && !isLoop) unmatchedAt ??= offset(at);
  };
  const indent = columnsOf(linePrefix + text);
  const state = linePrefix.trim() === "" ? { ...site.state, indent, columns: indent } : site.state;
  const lexer = new Lexer(all, from, state, { opened, closed, unmatched, statementEnded });
  lexer.advance(start + bytes.length);
  const { frame } = lexer;
  const cuts = [owed === undefined ? undefined : cut, unmatchedAt].filter((one) => one !== undefined);
  return { cut: cuts.length > 0 ? Math.min(...cuts) : undefined, lastOuter, replaced, ended, outerDepth, frame };
}

const encoder = new TextEncoder();

/** True if two lines close a block and open the same branch of its statement: there is one `else`, and one `finally`. */
function isSameBranch(text: string, below: string): boolean {
  const branchOf = (line: string): string | undefined =>
    /^[\s})\]]*(else|catch|finally|except|while)\b/.exec(line)?.[1];
  const branch = branchOf(text.split("\n")[0] ?? "");
  return branch !== undefined && branch === branchOf(below) && !/^[\s}]*else\s+if\b/.test(text);
}
