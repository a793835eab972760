import type { Frame } from "../../src/core/structure/frame.js";
import { Lexer } from "../../src/core/structure/lexer.js";
import type { LexerState } from "../../src/core/structure/lexerCursor.js";

/** The damage that an accepted text does to brackets, quotes, comments, tags or blocks. */
export type Damage =
  /** The text closed something that is closed again after the cursor or below, or something that was not open. */
  | "closed twice"
  /** The text opened something that is never closed, although code follows, or it used the closer of another opener. */
  | "left open";

/** A cursor in a file that is being typed. The lines between it and `belowFrom` are still missing. */
export interface Gap {
  readonly lines: readonly string[];
  readonly line: number;
  readonly at: number;
  readonly belowFrom: number;
  /** The lexer's state at the start of the line in the true file. */
  readonly state: LexerState;
  /** Closers that already follow the cursor. The true line also contains them, perhaps farther to the right. */
  readonly closers: string;
}

/**
 * Checks with the lexer whether the file can still become the true one after a text is accepted at a gap:
 * - Everything that is open at the cursor and closed below the gap must still be open.
 * - The openers that belong to the closers after the cursor must be closed, and no closer may be unmatched.
 * - A text of several lines must close everything that it opens, except brackets that are closed below the gap. The
 *   same holds for a single line that closers follow. At the end of any other line, the user continues typing.
 * - No single-line string may be open at the end of a line within the text.
 * @returns undefined if there is no damage, or if even the true text fails, because then the lexer is wrong.
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
  /** The true text, lexed up to `belowFrom`; in `lineTruth`, only to the end of the cursor's line. */
  readonly truth: Walk;
  readonly lineTruth: Walk;
  readonly after: Walk;
  readonly text: string;
  /** The closers that remain after the cursor. */
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
  /** Offset of the opener from the start of the cursor's line; negative if it is on a line above. */
  readonly from: number;
  readonly closer: string;
}

interface Walk {
  readonly open: readonly Open[];
  readonly unmatched: number;
  readonly tornStrings: number;
}

const encoder = new TextEncoder();

/** Lexes the cursor's line up to the cursor, followed by `text` and `right`. */
function walked({ lines, line, at, state }: Gap, text: string, right: string): Walk {
  const above = line === 0 ? "" : `${lines[line - 1] ?? ""}\n`;
  const lookbehindBytes = encoder.encode(above).length;
  const typed = lines[line]?.slice(0, at) ?? "";
  const bytes = encoder.encode(above + typed + text + right);
  const typedBytes = lookbehindBytes + encoder.encode(typed).length;
  const open: Open[] = outward(state.frame).map(({ depth, closer }) => ({ from: depth - 1e6, closer }));
  let unmatched = 0;
  // Offsets are compared only with `at`, which is in UTF-16 code units. So offsets after `at` need not be exact.
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

/** A frame and the frames around it, outermost first, without the root. */
function outward(frame: Frame): Frame[] {
  return frame.parent === undefined ? [] : [...outward(frame.parent), frame];
}
