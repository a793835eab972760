import { leavesOpen } from "./expectedCorrectness.js";
import type { TextEnd } from "./textEnds.js";

// All in characters that need not be typed; chosen by replay (docs/QUALITY.md).
/** What reading a suggestion costs. */
const readingCost = 1;
/** What rejecting one costs beyond that. */
const rejectionCost = 0.5;
/** What ending in the middle of a construct costs: the user has to continue it. */
const unfinishedCost = 2;
/** What a whole line saves beyond its characters: nothing further has to be read for it. */
const wholeLineGain = 4;
/** Visible characters of the shortest suggestion: within a line, and up to its end. */
const minUnits = 3;
const minLineEndUnits = 1;

/**
 * The parts of a text that are worth reading, the best first: what a part is expected to save is weighed against what
 * reading it costs and rejecting it would.
 * @param threshold the chance that a part must have at least.
 */
export function worthReading(text: string, ends: readonly TextEnd[], threshold: number): string[] {
  const parts: { readonly part: string; readonly benefit: number }[] = [];
  let saved = 0;
  let length = 0;
  let chance = 1;
  for (const end of ends) {
    // A longer text is right less often, whatever the estimates say.
    chance = Math.min(chance, end.chance);
    if (chance < threshold) break;
    const part = text.slice(0, end.units).trimEnd();
    const grown = typedUnits(part);
    // Of a text that is wrong later the user takes the words that are right.
    saved += chance * Math.max(0, grown - length);
    length = Math.max(length, grown);
    if (part.trim().length < (end.isLineEnd ? minLineEndUnits : minUnits)) continue;
    const gain = end.isLineEnd ? wholeLineGain * chance : 0;
    const benefit = saved + gain - rejectionCost * (1 - chance) - (isUnfinished(part, end) ? unfinishedCost : 0);
    if (benefit >= readingCost) parts.push({ part, benefit });
  }
  return parts.sort((a, b) => b.benefit - a.benefit).map(({ part }) => part);
}

/** True if a part leaves a bracket open, or ends within a line after an operator or a separator. */
function isUnfinished(part: string, { isLineEnd }: TextEnd): boolean {
  return leavesOpen(part) || (!isLineEnd && /[-+*/%=<>&|^!?:,.~@\\]$/.test(part));
}

/** Characters that the user would type: the editor indents. */
function typedUnits(text: string): number {
  return text.replace(/\n[^\S\n]*/g, "\n").length;
}
