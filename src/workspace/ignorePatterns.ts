import { compileGlob, GlobError, type Instruction } from "../shared/globProgram.js";
import { lastMatch, type CompiledGlobs } from "../shared/globRun.js";

/** Maximum length of a path on Linux. A longer line cannot be a pattern. */
const maxLineLength = 4096;
/**
 * Maximum number of steps to match one path: a few milliseconds. Even a long list of patterns needs far fewer for a
 * typical path.
 */
const maxSteps = 2 ** 19;

/**
 * The patterns of an ignore file, as gitignore(5) describes them. When in doubt, a file is ignored. Git disregards case
 * on some systems, so a pattern that ignores files matches in any case, and a pattern with `!`, which includes files
 * again, matches only in its own case. The patterns run as automata with a bounded number of steps, because a regular
 * expression for `*a*a*a*b` can take very long.
 */
export class IgnorePatterns {
  /** Patterns for paths relative to the folder; `#names` has the patterns for a name at any depth. */
  readonly #anchored = emptyGlobs();
  readonly #names = emptyGlobs();
  /** Indexed by the number of the pattern. */
  readonly #isNegated: boolean[] = [];
  readonly #isForFolders: boolean[] = [];
  /** True after a path took too many steps. No further path is tried, because thousands of them would take minutes. */
  #isTooSlow = false;

  /** @throws Error if a line is too long to be a pattern. */
  constructor(text: string) {
    for (const line of text.replace(/^\ufeff/, "").split("\n")) {
      if (line.length > maxLineLength) throw new Error(`has a line of more than ${maxLineLength} characters`);
      const pattern = parsed(line);
      if (pattern !== undefined) this.#add(pattern);
    }
  }

  /**
   * The effect of the last pattern that matches; "undecided" if finding it takes too many steps. A pattern that matches
   * a folder does not match the files in it, so callers must check each folder of a path.
   * @param path relative to the folder of the ignore file, with `/` as the separator.
   */
  verdict(path: string, isFolder: boolean): "ignored" | "included" | "none" | "undecided" {
    if (this.#isTooSlow) return "undecided";
    const counts = (pattern: number): boolean => isFolder || this.#isForFolders[pattern] !== true;
    const options = { extent: "wholePath", maxSteps, counts } as const;
    const whole = path.normalize();
    const byPath = lastMatch(this.#anchored, whole, options);
    const byName = lastMatch(this.#names, whole.slice(whole.lastIndexOf("/") + 1), options);
    this.#isTooSlow = byPath === "undecided" || byName === "undecided";
    if (this.#isTooSlow) return "undecided";
    const last = Math.max(...[byPath, byName].map((match) => (typeof match === "number" ? match : -1)));
    return last < 0 ? "none" : this.#isNegated[last] === true ? "included" : "ignored";
  }

  #add({ glob, isAnchored, isNegated, isForFolders }: Pattern): void {
    const { program, starts } = isAnchored ? this.#anchored : this.#names;
    const start = program.length;
    try {
      compileGlob(Array.from(glob), program, { isCaseSensitive: isNegated });
      program.push({ kind: "match", glob: this.#isNegated.length });
      starts.fixed.push(start);
      this.#isNegated.push(isNegated);
      this.#isForFolders.push(isForFolders);
    } catch (error) {
      if (!(error instanceof GlobError)) throw error;
      program.length = start; // an invalid pattern, such as a [ without ], matches nothing in Git
    }
  }
}

function emptyGlobs(): CompiledGlobs & { readonly program: Instruction[] } {
  return { program: [], starts: { fixed: [], floating: [] } };
}

interface Pattern {
  /** In the syntax of `compileGlob`. */
  readonly glob: string;
  /** True if the glob is relative to the folder; otherwise it matches a name at any depth. */
  readonly isAnchored: boolean;
  readonly isNegated: boolean;
  readonly isForFolders: boolean;
}

/** The pattern of a line; undefined if the line is empty, is a comment, or can match nothing. */
function parsed(line: string): Pattern | undefined {
  if (line.startsWith("#")) return undefined;
  let pattern = withoutTrailingSpaces(line.replace(/\r$/, ""));
  const isNegated = pattern.startsWith("!");
  if (isNegated) pattern = pattern.slice(1);
  const isForFolders = pattern.endsWith("/");
  if (isForFolders) pattern = pattern.slice(0, -1);
  const isAnchored = pattern.includes("/");
  if (pattern.startsWith("/")) pattern = pattern.slice(1);
  if (pattern === "" || endsWithEscape(pattern)) return undefined;
  return { glob: globOf(pattern.normalize()), isAnchored, isNegated, isForFolders };
}

/** Removes the spaces at the end. Keeps the first of them if a backslash escapes it. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (line[end - 1] === " ") end--;
  return line.slice(0, end < line.length && endsWithEscape(line.slice(0, end)) ? end + 1 : end);
}

/** True if the text ends with a backslash that is not itself escaped. */
function endsWithEscape(text: string): boolean {
  let start = text.length;
  while (text[start - 1] === "\\") start--;
  return (text.length - start) % 2 === 1;
}

/**
 * Converts a pattern to the syntax of `compileGlob`: escapes braces, `!` and parentheses, which are literal in ignore
 * files, and replaces classes such as [:digit:] by ranges.
 */
function globOf(pattern: string): string {
  let glob = "";
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? "";
    if (character === "\\") glob += character + (pattern[++at] ?? "");
    else if (character === "[") {
      const end = endOfClass(pattern, at);
      glob += pattern.slice(at, end).replace(/\[:(\w*):\]/g, (_, name: string) => namedClasses[name] ?? "");
      at = end - 1;
    } else glob += "{},!()".includes(character) ? `\\${character}` : character;
  }
  // Git compares the text before the first wildcard separately, so in `a**/b` the `**/` counts as the start of a
  // pattern and matches any number of folders.
  return glob.replace(/^((?:[^*?[\\/]|\/(?!\*)|\\.)*(?:[^*?[\\/]|\\.))\*{2,}\/(?!\/)/, "$1{,*/,*/**/}");
}

/** The index after the `]` of a class, or after the last character. */
function endOfClass(pattern: string, start: number): number {
  let at = start + 1;
  if (pattern[at] === "!" || pattern[at] === "^") at++;
  if (pattern[at] === "]") at++;
  for (; at < pattern.length && pattern[at] !== "]"; at++) {
    if (pattern[at] === "\\") at++;
    else if (pattern.startsWith("[:", at) && pattern.includes(":]", at)) at = pattern.indexOf(":]", at) + 1;
  }
  return Math.min(pattern.length, at + 1);
}

const namedClasses: Readonly<Record<string, string>> = {
  alnum: "a-zA-Z0-9",
  alpha: "a-zA-Z",
  blank: " \t",
  cntrl: "\u0001-\u001f\u007f",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`{-~",
  space: " \t\n\v\f\r",
  upper: "A-Z",
  xdigit: "0-9a-fA-F",
};
