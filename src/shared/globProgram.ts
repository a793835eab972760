/** Says what is wrong with a glob; the message is shown to the user. */
export class GlobError extends Error {}

/** One instruction of the automaton. Execution continues with the next one unless noted. */
export type Instruction =
  /** A glob has ended: the one with this number. */
  | { readonly kind: "match"; readonly glob: number }
  /** Continues with all of these at once. */
  | { readonly kind: "split"; readonly to: number[] }
  | { readonly kind: "character"; readonly matches: MatchesCharacter };

/** @param lowered the character in lower case. @param raw as it is in the path. */
type MatchesCharacter = (lowered: string, raw: string) => boolean;

const isAnything = (): boolean => true;
const isInName = (character: string): boolean => character !== "/";
export const isSlash = (character: string): boolean => character === "/";

export interface GlobOptions {
  /** Index of the first character to compile, after a leading `**` and its slash. Defaults to 0. */
  readonly from?: number;
  /** True to match only what matches whether or not the case of letters counts; false, the default, for either. */
  readonly isCaseSensitive?: boolean;
}

/**
 * Appends the instructions for one glob.
 * @throws GlobError
 */
export function compileGlob(
  glob: readonly string[],
  program: Instruction[],
  { from = 0, isCaseSensitive = false }: GlobOptions = {},
): void {
  let at = from;

  /** Compiles up to the end of the glob, or of an alternative. */
  const sequence = (depth: number, startsName: boolean): void => {
    let isNameStart = startsName;
    for (; at < glob.length; at++) {
      const character = glob[at];
      if (depth > 0 && (character === "," || character === "}")) return;
      if ("?*+@!".includes(character ?? "") && glob[at + 1] === "(") {
        throw new GlobError("patterns such as *(a|b) are not supported; write {a,b}, or \\( for a parenthesis");
      }
      if (character === "*") {
        const first = at;
        while (glob[at + 1] === "*") at++;
        const next = glob[at + 1];
        const endsName = next === undefined || next === "/" || (depth > 0 && (next === "," || next === "}"));
        if (at > first && isNameStart && endsName) {
          // Any number of whole names, followed by a slash if there are any.
          const split = pushSplit();
          loop(isAnything);
          if (next === "/") {
            program.push({ kind: "character", matches: isSlash });
            at++;
          }
          split.to.push(program.length);
          isNameStart = next === "/";
          continue;
        }
        loop(isInName);
      } else if (character === "?") program.push({ kind: "character", matches: isInName });
      else if (character === "[") characterClass();
      else if (character === "{") {
        alternatives(depth, isNameStart);
        isNameStart = false;
        continue;
      } else {
        if (character === "\\" && at + 1 < glob.length) at++;
        const literal = glob[at] ?? "";
        const lowered = lower(literal);
        program.push({
          kind: "character",
          matches: isCaseSensitive ? (_, raw) => raw === literal : (one) => one === lowered,
        });
      }
      isNameStart = character === "/";
    }
    if (depth > 0) throw new GlobError("a { has no }");
  };

  const pushSplit = (): { readonly to: number[] } => {
    const split = { kind: "split" as const, to: [program.length + 1] };
    program.push(split);
    return split;
  };

  const loop = (matches: MatchesCharacter): void => {
    const split = pushSplit();
    program.push({ kind: "character", matches }, { kind: "split", to: [program.length - 1] });
    split.to.push(program.length);
  };

  const alternatives = (depth: number, startsName: boolean): void => {
    const split = { kind: "split" as const, to: [] as number[] };
    program.push(split);
    const ends: { readonly to: number[] }[] = [];
    do {
      at++;
      split.to.push(program.length);
      sequence(depth + 1, startsName);
      const end = { kind: "split" as const, to: [] as number[] };
      program.push(end);
      ends.push(end);
    } while (glob[at] === ",");
    for (const end of ends) end.to.push(program.length);
  };

  const characterClass = (): void => {
    const isNegated = glob[at + 1] === "!" || glob[at + 1] === "^";
    if (isNegated) at++;
    const ranges: (readonly [string, string])[] = [];
    for (at++; glob[at] !== "]" || ranges.length === 0; at++) {
      const from = classCharacter();
      if (glob[at + 1] === "-" && glob[at + 2] !== "]") {
        at += 2;
        ranges.push([from, classCharacter()]);
      } else ranges.push([from, from]);
    }
    const isIn = inRanges(ranges);
    const isInAnyCase = (lowered: string): boolean => isIn(lowered) || isIn(lowered.toUpperCase());
    // If any case of letters matches, [!a] matches A too: it does when case counts.
    const inNegated = (lowered: string, raw: string): boolean =>
      isCaseSensitive ? !isIn(raw) && !isIn(lowered) : !isIn(raw) || !isIn(lowered);
    const inClass = (lowered: string, raw: string): boolean => (isCaseSensitive ? isIn(raw) : isInAnyCase(lowered));
    const matches = isNegated ? inNegated : inClass;
    program.push({ kind: "character", matches: (lowered, raw) => isInName(raw) && matches(lowered, raw) });
  };

  const classCharacter = (): string => {
    if (glob[at] === "\\") at++;
    const character = glob[at];
    if (character === undefined) throw new GlobError("a [ has no ]");
    return character;
  };

  if (glob[0] === "!" && glob[1] !== "(") throw new GlobError("a glob that begins with ! is not supported");
  sequence(0, true);
}

/** Whether a character is in one of the ranges, in logarithmic time: a class may have hundreds of them. */
function inRanges(ranges: readonly (readonly [from: string, to: string])[]): (character: string) => boolean {
  const merged: { from: string; to: string }[] = [];
  for (const [from, to] of ranges.filter(([a, b]) => a <= b).sort(([a], [b]) => (a < b ? -1 : a === b ? 0 : 1))) {
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
