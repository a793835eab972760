import { compileGlob, GlobError, type Instruction } from "./globProgram.js";
import { lastMatch, type Starts } from "./globRun.js";

/**
 * Matches paths against globs in time proportional to the product of their lengths. Libraries translate globs into
 * regular expressions, which backtrack: `*a*a*a*b` can take seconds for one path. Here all globs form one
 * nondeterministic automaton whose states are followed together, with a bound on the number of steps.
 *
 * Syntax, as VS Code documents it: `*` and `?` match within a path segment, `**` across segments, and `[a-z]`,
 * `[!a-z]`, `{a,b}` work as usual. A backslash escapes the next character. A glob that matches a folder matches
 * everything in it. Matching ignores case.
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

/** Limits in UTF-16 code units. */
export const maxGlobLength = 512;
const maxTotalLength = 32_768;
export const maxPathLength = 4096;
/**
 * Maximum number of steps to match one path; they take a few tens of milliseconds. For a typical path, the default
 * globs need about a hundredth of this number.
 */
const maxSteps = 2 ** 21;

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
      compileGlob(Array.from(glob), program, { from: anyFolder });
      program.push({ kind: "match", glob: 0 });
      (anyFolder > 0 ? starts.floating : starts.fixed).push(start);
      totalLength += glob.length;
    } catch (error) {
      if (!(error instanceof GlobError)) throw error;
      program.length = start;
      problems.push({ glob, reason: error.message });
    }
  }
  const options = { extent: "fileOrFolder", maxSteps } as const;
  // A path that is not decided within the bound counts as matched, so that no excluded file is read by mistake.
  return { matches: (path) => lastMatch({ program, starts }, path, options) !== "none", problems };
}
