import type { Frame } from "../../src/core/structure/frame.js";
import { Lexer } from "../../src/core/structure/lexer.js";
import type { LexerState } from "../../src/core/structure/lexerCursor.js";

/** What accepted text did to brackets, quotes, comments, tags and blocks. */
export type Damage =
  /** It ended something that text right of it or below ends as well, or ended what was not open. */
  | "closed twice"
  /** It opened something that nothing ends, though the code goes on after it; or took the end of something else. */
  | "left open";

/** A cursor in a file that is being typed: the true file lacks the rest of the line and the lines up to `belowFrom`. */
export interface Gap {
  readonly lines: readonly string[];
  readonly line: number;
  readonly at: number;
  readonly belowFrom: number;
  /** What is open at the start of the line in the true file. */
  readonly state: LexerState;
  /** Closers that stand right of the cursor already; the true line ends with them too. */
  readonly closers: string;
}

/**
 * Whether text accepted at a gap leaves the file able to become the true one, as the lexer sees it:
 * - What is open at the cursor and is closed by the text below the gap must be open still.
 * - What the closers right of the cursor end must have ended, and no closer may end nothing.
 * - Text of several lines may leave nothing open that it opened itself, but for what the text below the gap ends.
 *   One line may: its end is where the user goes on typing.
 * - No string of one line may be open at the end of a line within the text.
 * @returns undefined for no damage, and where the true text does not pass either: there the lexer is wrong.
 */
export function damageOf(gap: Gap, text: string, replaced: number): Damage | undefined {
  const { lines, line, at, belowFrom, closers } = gap;
  const rest = lines[line]?.slice(at) ?? "";
  const trueText = [rest, ...lines.slice(line + 1, belowFrom)].join("\n");
  const truth = walked(gap, trueText, "");
  const lineTruth = walked(gap, rest, "");
  if (judged(gap, { truth, lineTruth, after: lineTruth, text: rest, right: "" }) !== undefined) return undefined;
  const right = closers.slice(replaced);
  return judged(gap, { truth, lineTruth, after: walked(gap, text, right), text, right });
}

interface Compared {
  /** Up to where the text below the gap begins, and up to the line's end. */
  readonly truth: Walk;
  readonly lineTruth: Walk;
  readonly after: Walk;
  readonly text: string;
  /** What is left of the closers right of the cursor. */
  readonly right: string;
}

function judged({ at, closers }: Gap, { truth, lineTruth, after, text, right }: Compared): Damage | undefined {
  const open = new Set(after.open.map(({ from }) => from));
  if (after.unmatched > lineTruth.unmatched) return "closed twice";
  if (truth.open.some(({ from }) => from < at && !open.has(from))) return "closed twice";
  if (after.tornStrings > 0) return "left open";
  if (closers !== "") {
    const openAtLineEnd = new Set(lineTruth.open.map(({ from }) => from));
    const isTaken = after.open.some(
      ({ from, closer }) => from < at && from >= 0 && closers.includes(closer) && !openAtLineEnd.has(from),
    );
    if (isTaken) return "left open";
  }
  if (!text.includes("\n") && right === "") return undefined;
  const endedBelow = truth.open.filter(({ from }) => from >= at).map(({ closer }) => closer);
  const own = after.open.filter(({ from, closer }) => from >= at && closer !== "\n");
  const isOpen = own.some(({ closer }) => {
    const found = endedBelow.indexOf(closer);
    if (found >= 0) endedBelow.splice(found, 1);
    return found < 0;
  });
  return isOpen ? "left open" : undefined;
}

interface Open {
  /** Offset of its opener from the start of the cursor's line; below 0 if it is above. */
  readonly from: number;
  readonly closer: string;
}

interface Walk {
  readonly open: readonly Open[];
  readonly unmatched: number;
  readonly tornStrings: number;
}

const encoder = new TextEncoder();

/** Lexes the cursor's line with a text at the cursor, and `right` after it. */
function walked({ lines, line, at, state }: Gap, text: string, right: string): Walk {
  const above = line === 0 ? "" : `${lines[line - 1] ?? ""}\n`;
  const lookbehindBytes = encoder.encode(above).length;
  const typed = lines[line]?.slice(0, at) ?? "";
  const bytes = encoder.encode(above + typed + text + right);
  const typedBytes = lookbehindBytes + encoder.encode(typed).length;
  const open: Open[] = outward(state.frame).map(({ depth, closer }) => ({ from: depth - 1e6, closer }));
  let unmatched = 0;
  // Offsets of typed text are compared with `at`: in units up to the cursor, anything from there on.
  const offset = (byte: number): number => (byte < typedBytes ? unitsBefore(bytes, lookbehindBytes, byte) : at + byte);
  const lexer = new Lexer(bytes, lookbehindBytes, state, {
    opened: ({ depth, closer }, from) => void open.splice(depth - 1, Infinity, { from: offset(from), closer }),
    closed: ({ depth }) => void open.splice(depth - 1),
    unmatched: () => {
      unmatched++;
    },
  });
  let tornStrings = 0;
  for (let end = bytes.indexOf(0x0a, typedBytes); end >= 0; end = bytes.indexOf(0x0a, end + 1)) {
    lexer.advance(end);
    const { kind, rule } = lexer.frame;
    if (lexer.at === end && kind === "string" && rule?.isMultiline === false && bytes[end - 1] !== 0x5c) tornStrings++;
  }
  lexer.advance(bytes.length);
  return { open: open.slice(0, lexer.frame.depth), unmatched, tornStrings };
}

function unitsBefore(bytes: Uint8Array, from: number, to: number): number {
  return new TextDecoder().decode(bytes.subarray(from, to)).length;
}

/** What is open, the outermost first. */
function outward(frame: Frame): Frame[] {
  return frame.parent === undefined ? [] : [...outward(frame.parent), frame];
}
