import { compileGlob, GlobError, isSlash, lower, type Instruction } from "./globProgram.js";

/**
 * Compares paths with globs in time proportional to the length of both. Libraries make regular expressions of globs, and
 * these backtrack: `*a*a*a*b` takes seconds for one path. Here all globs become one nondeterministic automaton, whose
 * states are followed together.
 *
 * Syntax, as VS Code documents it: `*` and `?` within a name, `**` over names, `[a-z]`, `[!a-z]`, `{a,b}`. A backslash
 * takes the next character literally. A glob that matches a folder matches everything in it. Case never matters.
 */
export interface PathGlobs {
  /** @param path with `/` between its parts and none at its start. */
  readonly matches: (path: string) => boolean;
  /** Globs that were left out, each with the reason. */
  readonly problems: readonly GlobProblem[];
}

export interface GlobProblem {
  readonly glob: string;
  readonly reason: string;
}

/** Bounds on characters. With all of them used, one comparison takes about a second; usual globs take microseconds. */
export const maxGlobLength = 512;
const maxTotalLength = 32_768;
export const maxPathLength = 4096;

export function compileGlobs(globs: readonly string[]): PathGlobs {
  const program: Instruction[] = [];
  const starts: number[] = [];
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
      compileGlob(Array.from(glob), program);
      program.push({ kind: "match" });
      starts.push(start);
      totalLength += glob.length;
    } catch (error) {
      if (!(error instanceof GlobError)) throw error;
      program.length = start;
      problems.push({ glob, reason: error.message });
    }
  }
  return { matches: (path) => run(program, starts, path), problems };
}

/** Follows all states at once, so each character of the path costs at most one step for each instruction. */
function run(program: readonly Instruction[], starts: readonly number[], path: string): boolean {
  const seen = new Int32Array(program.length).fill(-1);
  let current: number[] = [];
  /** True if it leads to the end of a glob. */
  const enter = (start: number, step: number, into: number[]): boolean => {
    let hasMatch = false;
    const pending = [start];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      const instruction = program[at];
      if (instruction === undefined || seen[at] === step) continue;
      seen[at] = step;
      if (instruction.kind === "split") pending.push(...instruction.to);
      else if (instruction.kind === "match") hasMatch = true;
      else into.push(at);
    }
    return hasMatch;
  };
  let hasMatch = starts.map((start) => enter(start, 0, current)).includes(true);
  let step = 0;
  for (const raw of path) {
    const character = lower(raw);
    if (hasMatch && isSlash(character) && step > 0) return true; // the folder matches, and so does what is in it
    hasMatch = false;
    step++;
    const next: number[] = [];
    for (const at of current) {
      const instruction = program[at];
      if (instruction?.kind === "character" && instruction.matches(character) && enter(at + 1, step, next))
        hasMatch = true;
    }
    current = next;
  }
  return hasMatch;
}
