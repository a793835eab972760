import { compileGlob, GlobError, isSlash, lower, type Instruction } from "./globProgram.js";

/**
 * Matches paths against globs in time proportional to the length of both. Libraries translate globs into regular
 * expressions, which backtrack: `*a*a*a*b` can take seconds for one path. Here all globs form one nondeterministic
 * automaton whose states are followed together, with a bound on the number of steps.
 *
 * Syntax, as VS Code documents it: `*` and `?` match within a name, `**` across names, and `[a-z]`, `[!a-z]`, `{a,b}`
 * work as usual. A backslash escapes the next character. A glob that matches a folder matches everything in it.
 * Matching ignores case.
 */
export interface PathGlobs {
  /** @param path with `/` as the separator and no leading slash. */
  readonly matches: (path: string) => boolean;
  /** Globs that are ignored, with the reasons. */
  readonly problems: readonly GlobProblem[];
}

export interface GlobProblem {
  readonly glob: string;
  readonly reason: string;
}

/** Limits in characters. */
export const maxGlobLength = 512;
const maxTotalLength = 32_768;
export const maxPathLength = 4096;
/**
 * Steps per comparison: some tens of milliseconds. The default globs need about a hundredth of that for a typical path.
 */
const maxSteps = 2 ** 21;

/** The start states of the globs. */
interface Starts {
  /** Tried only at the start of the path. */
  readonly fixed: number[];
  /**
   * Tried at the start of every name: globs that began with `**` and a slash. Most globs do, and most fail at a name's first
   * letter.
   */
  readonly floating: number[];
}

export function compileGlobs(globs: readonly string[]): PathGlobs {
  const program: Instruction[] = [];
  const starts: Starts = { fixed: [], floating: [] };
  const problems: GlobProblem[] = [];
  let totalLength = 0;
  for (const glob of globs) {
    if (glob === "") continue;
    const start = program.length;
    try {
      if (glob.length > maxGlobLength) throw new GlobError(`it is longer than ${maxGlobLength} characters`);
      if (totalLength + glob.length > maxTotalLength) {
        throw new GlobError(`all globs together are longer than ${maxTotalLength} characters`);
      }
      const anyFolder = /^(\*{2,}\/)*/.exec(glob)?.[0].length ?? 0;
      compileGlob(Array.from(glob), program, anyFolder);
      program.push({ kind: "match" });
      (anyFolder > 0 ? starts.floating : starts.fixed).push(start);
      totalLength += glob.length;
    } catch (error) {
      if (!(error instanceof GlobError)) throw error;
      program.length = start;
      problems.push({ glob, reason: error.message });
    }
  }
  return { matches: (path) => run(program, starts, path), problems };
}

/**
 * Follows all states at once, so each character of the path costs at most one step per instruction. A path that is not
 * decided within the bound counts as matched, so that no excluded file is read by mistake.
 */
function run(program: readonly Instruction[], { fixed, floating }: Starts, path: string): boolean {
  const seen = new Int32Array(program.length).fill(-1);
  const pending: number[] = [];
  let steps = 0;
  let current: number[] = [];
  /** Advances to the instructions that consume a character. Returns true if a glob has ended. */
  const enter = (start: number, position: number, into: number[]): boolean => {
    let isEnd = false;
    pending.push(start);
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      steps++;
      const instruction = program[at];
      if (instruction === undefined || seen[at] === position) continue;
      seen[at] = position;
      if (instruction.kind === "split") for (const to of instruction.to) pending.push(to);
      else if (instruction.kind === "match") isEnd = true;
      else into.push(at);
    }
    return isEnd;
  };
  let hasMatch = false;
  for (const start of [...fixed, ...floating]) if (enter(start, 0, current)) hasMatch = true;
  let position = 0;
  for (const raw of path) {
    const character = lower(raw);
    if (hasMatch && isSlash(character) && position > 0) return true; // a glob that matches a folder matches everything in it
    hasMatch = false;
    position++;
    const next: number[] = [];
    for (const at of current) {
      const instruction = program[at];
      if (instruction?.kind === "character" && instruction.matches(character) && enter(at + 1, position, next))
        hasMatch = true;
    }
    if (isSlash(character)) for (const start of floating) if (enter(start, position, next)) hasMatch = true;
    steps += current.length;
    if (steps > maxSteps) return true;
    current = next;
  }
  return hasMatch;
}
