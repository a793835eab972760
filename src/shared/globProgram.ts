/** Thrown if a glob cannot be used. The user sees the message, which says why. */
export class GlobError extends Error {}

/** One instruction of the automaton. Unless noted, execution continues with the next instruction in the program. */
export type Instruction =
  /** The end of the glob with this number has been reached. */
  | { readonly kind: "match"; readonly glob: number }
  /** Continues with all of these at once. */
  | { readonly kind: "split"; readonly to: number[] }
  | { readonly kind: "character"; readonly matches: MatchesCharacter };

/** @param lowered the character in lower case. @param raw the character as it is in the path. */
type MatchesCharacter = (lowered: string, raw: string) => boolean;

const isAnything = (): boolean => true;
const isInName = (character: string): boolean => character !== "/";
export const isSlash = (character: string): boolean => character === "/";

export interface GlobOptions {
  /** Index of the first character to compile. Callers use it to skip a leading `**` and its slash. */
  readonly from?: number;
  /**
   * True if a character must match both case-sensitively and case-insensitively; false, the default, if either is
   * enough.
   */
  readonly isCaseSensitive?: boolean;
}

/**
 * Appends the instructions for one glob to a program.
 * @throws GlobError if the glob is invalid or not supported.
 */
export function compileGlob(
  glob: readonly string[],
  program: Instruction[],
  { from = 0, isCaseSensitive = false }: GlobOptions = {},
): void {
  if (glob[0] === "!" && glob[1] !== "(") throw new GlobError("a glob that begins with ! is not supported");
  new GlobCompiler(glob, program, isCaseSensitive).compile(from);
}

/** Reads a glob from left to right. Each method compiles one part and leaves `#at` on the part's last character. */
class GlobCompiler {
  readonly #glob: readonly string[];
  readonly #program: Instruction[];
  readonly #isCaseSensitive: boolean;
  #at = 0;
  /** Number of nested braces around the current character. */
  #depth = 0;

  constructor(glob: readonly string[], program: Instruction[], isCaseSensitive: boolean) {
    this.#glob = glob;
    this.#program = program;
    this.#isCaseSensitive = isCaseSensitive;
  }

  compile(from: number): void {
    this.#at = from;
    this.#sequence(true);
  }

  /** Compiles up to the end of the glob, or of an alternative. @param startsName whether a path segment begins here. */
  #sequence(startsName: boolean): void {
    let isNameStart = startsName;
    for (; this.#at < this.#glob.length; this.#at++) {
      const character = this.#glob[this.#at] ?? "";
      if (this.#endsAlternative(character)) return;
      if ("?*+@!".includes(character) && this.#glob[this.#at + 1] === "(") {
        throw new GlobError("patterns such as *(a|b) are not supported; write {a,b}, or \\( for a parenthesis");
      }
      if (character === "*") this.#stars(isNameStart);
      else if (character === "?") this.#push(isInName);
      else if (character === "[") this.#characterClass();
      else if (character === "{") this.#alternatives(isNameStart);
      else this.#literal();
      isNameStart = this.#glob[this.#at] === "/";
    }
    if (this.#depth > 0) throw new GlobError("a { has no }");
  }

  #endsAlternative(character: string | undefined): boolean {
    return this.#depth > 0 && (character === "," || character === "}");
  }

  /** Two or more stars that form a whole path segment match any number of segments; others match within one segment. */
  #stars(isNameStart: boolean): void {
    const first = this.#at;
    while (this.#glob[this.#at + 1] === "*") this.#at++;
    const next = this.#glob[this.#at + 1];
    const isWholeName = isNameStart && (next === undefined || next === "/" || this.#endsAlternative(next));
    if (this.#at === first || !isWholeName) {
      this.#loop(isInName);
      return;
    }
    const split = this.#pushSplit();
    this.#loop(isAnything);
    if (next === "/") {
      this.#push(isSlash); // skipped if the stars match no segment
      this.#at++;
    }
    split.to.push(this.#program.length);
  }

  #literal(): void {
    if (this.#glob[this.#at] === "\\" && this.#at + 1 < this.#glob.length) this.#at++;
    const literal = this.#glob[this.#at] ?? "";
    const lowered = lower(literal);
    this.#push(this.#isCaseSensitive ? (_, raw) => raw === literal : (one) => one === lowered);
  }

  #alternatives(startsName: boolean): void {
    const split = { kind: "split" as const, to: [] as number[] };
    this.#program.push(split);
    const ends: { readonly to: number[] }[] = [];
    this.#depth++;
    do {
      this.#at++;
      split.to.push(this.#program.length);
      this.#sequence(startsName);
      const end = { kind: "split" as const, to: [] as number[] };
      this.#program.push(end);
      ends.push(end);
    } while (this.#glob[this.#at] === ",");
    this.#depth--;
    for (const end of ends) end.to.push(this.#program.length);
  }

  #characterClass(): void {
    const isNegated = this.#glob[this.#at + 1] === "!" || this.#glob[this.#at + 1] === "^";
    if (isNegated) this.#at++;
    const ranges: (readonly [string, string])[] = [];
    for (this.#at++; this.#glob[this.#at] !== "]" || ranges.length === 0; this.#at++) {
      const from = this.#classCharacter();
      if (this.#glob[this.#at + 1] === "-" && this.#glob[this.#at + 2] !== "]") {
        this.#at += 2;
        ranges.push([from, this.#classCharacter()]);
      } else ranges.push([from, from]);
    }
    const matches = matcherOf(ranges, { isNegated, isCaseSensitive: this.#isCaseSensitive });
    this.#push((lowered, raw) => isInName(raw) && matches(lowered, raw));
  }

  #classCharacter(): string {
    if (this.#glob[this.#at] === "\\") this.#at++;
    const character = this.#glob[this.#at];
    if (character === undefined) throw new GlobError("a [ has no ]");
    return character;
  }

  #push(matches: MatchesCharacter): void {
    this.#program.push({ kind: "character", matches });
  }

  #pushSplit(): { readonly to: number[] } {
    const split = { kind: "split" as const, to: [this.#program.length + 1] };
    this.#program.push(split);
    return split;
  }

  /** Matches any number of characters of a kind. */
  #loop(matches: MatchesCharacter): void {
    const start = this.#program.length;
    const split = this.#pushSplit();
    this.#push(matches);
    this.#program.push({ kind: "split", to: [start] });
    split.to.push(this.#program.length);
  }
}

interface ClassOptions {
  readonly isNegated: boolean;
  readonly isCaseSensitive: boolean;
}

function matcherOf(
  ranges: readonly (readonly [string, string])[],
  { isNegated, isCaseSensitive }: ClassOptions,
): MatchesCharacter {
  const isIn = inRanges(ranges);
  if (!isNegated) {
    return (lowered, raw) => (isCaseSensitive ? isIn(raw) : isIn(lowered) || isIn(lowered.toUpperCase()));
  }
  // If case is ignored, it is enough that the character matches as written or in lower case. So [!a] matches A.
  return (lowered, raw) => (isCaseSensitive ? !isIn(raw) && !isIn(lowered) : !isIn(raw) || !isIn(lowered));
}

/** Returns a test for whether a character is in one of the ranges. Binary search, because there may be hundreds. */
function inRanges(ranges: readonly (readonly [from: string, to: string])[]): (character: string) => boolean {
  const merged: { from: string; to: string }[] = [];
  for (const [from, to] of ranges.filter(([a, b]) => a <= b).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const last = merged.at(-1);
    if (last === undefined || from > last.to) merged.push({ from, to });
    else if (to > last.to) last.to = to;
  }
  return (character) => {
    let low = 0;
    let high = merged.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((merged[middle]?.to ?? "") < character) low = middle + 1;
      else high = middle;
    }
    return (merged[low]?.from ?? "\uffff") <= character && low < merged.length;
  };
}

/** Converts to lower case unless the result has more than one character. */
export function lower(character: string): string {
  const lowered = character.toLowerCase();
  return Array.from(lowered).length === 1 ? lowered : character;
}
