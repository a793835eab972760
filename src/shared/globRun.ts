import { isSlash, lower, type Instruction } from "./globProgram.js";

/** The instructions at which globs start, as indices into the program. */
export interface Starts {
  /** Tried only at the start of the path. */
  readonly fixed: number[];
  /**
   * Tried at the start of every path segment, for globs that begin with `**` and a slash. Most globs do. That costs
   * little, because a typical glob fails at a segment's first letter.
   */
  readonly floating: number[];
}

export interface CompiledGlobs {
  readonly program: readonly Instruction[];
  readonly starts: Starts;
}

export interface MatchOptions {
  /** Whether a glob must match the whole path, or may match a folder that the path is in. */
  readonly extent: "wholePath" | "fileOrFolder";
  readonly maxSteps: number;
  /** Whether to consider the glob with this number; all globs by default. */
  readonly counts?: (glob: number) => boolean;
}

/**
 * Follows all states at once, so each character of the path costs a few steps per instruction at most.
 * @param path with `/` as the separator and no leading slash.
 * @returns the highest number among the globs that match the path. With "fileOrFolder", the search ends at the
 * outermost folder that any glob matches. "undecided" if the search takes more than `maxSteps` steps.
 */
export function lastMatch(
  { program, starts: { fixed, floating } }: CompiledGlobs,
  path: string,
  { extent, maxSteps, counts = () => true }: MatchOptions,
): number | "none" | "undecided" {
  const seen = new Int32Array(program.length).fill(-1);
  const pending: number[] = [];
  let steps = 0;
  let current: number[] = [];
  /** The highest number of the globs that match the path up to the current position; -1 if none does. */
  let ended = -1;
  /** Follows splits from an instruction and collects the instructions that consume a character. */
  const enter = (start: number, position: number, into: number[]): void => {
    pending.push(start);
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      steps++;
      const instruction = program[at];
      if (instruction === undefined || seen[at] === position) continue;
      seen[at] = position;
      if (instruction.kind === "split") for (const to of instruction.to) pending.push(to);
      else if (instruction.kind === "character") into.push(at);
      else if (instruction.glob > ended && counts(instruction.glob)) ended = instruction.glob;
    }
  };
  for (const start of fixed) enter(start, 0, current);
  for (const start of floating) enter(start, 0, current);
  let position = 0;
  for (const raw of path) {
    const character = lower(raw);
    if (extent === "fileOrFolder" && ended >= 0 && isSlash(character) && position > 0) return ended;
    ended = -1;
    position++;
    const next: number[] = [];
    for (const at of current) {
      const instruction = program[at];
      if (instruction?.kind === "character" && instruction.matches(character, raw)) enter(at + 1, position, next);
    }
    if (isSlash(character)) for (const start of floating) enter(start, position, next);
    steps += current.length;
    if (steps > maxSteps) return "undecided";
    current = next;
  }
  return ended < 0 ? "none" : ended;
}
