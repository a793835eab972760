import { leavesOpen } from "./expectedCorrectness.js";
import type { TextEnd } from "./textEnds.js";

// The costs and gains are measured in characters that the user does not have to type. Their values were chosen by
// replay (`npm run quality`).
const readingCost = 1;
/** Additional cost of rejecting a suggestion. */
const rejectionCost = 0.5;
/**
 * Additional cost of each character of a rejected suggestion, as a share of the threshold's odds: a user who wants more
 * of the suggestions to be right minds a wrong one more.
 */
const rejectedUnitCost = 0.8;
/** Cost of ending in the middle of a construct, which the user has to finish. */
const unfinishedCost = 2;
/** Additional benefit of a whole line, because no further suggestion has to be read for it. */
const wholeLineGain = 4;
/** Minimum length in UTF-16 code units of a trimmed part within a line, and of one up to the line's end. */
const minUnits = 3;
const minLineEndUnits = 1;

/**
 * The parts of a text that are worth reading, the best one first. The benefit of a part is the expected number of saved
 * characters minus the costs of reading and of rejecting it.
 * @param ends in ascending order, none of them likelier to be right than the one before it.
 * @param threshold minimum expected correctness of a part; less than 1.
 */
export function worthReading(text: string, ends: readonly TextEnd[], threshold: number): string[] {
  const parts: { readonly part: string; readonly benefit: number }[] = [];
  const unitCost = (rejectedUnitCost * threshold) / (1 - threshold);
  let saved = 0;
  let length = 0;
  for (const end of ends) {
    const { chance } = end;
    if (chance < threshold) break;
    const part = text.slice(0, end.units).trimEnd();
    const grown = typedUnits(part);
    // If a text is only partly right, the user accepts the words that are right.
    saved += chance * Math.max(0, grown - length);
    length = Math.max(length, grown);
    if (part.trim().length < (end.isLineEnd ? minLineEndUnits : minUnits)) continue;
    const gain = end.isLineEnd ? wholeLineGain * chance : 0;
    const rejection = (rejectionCost + unitCost * typedUnits(part.trim())) * (1 - chance);
    const benefit = saved + gain - rejection - (isUnfinished(part, end) ? unfinishedCost : 0);
    if (benefit >= readingCost) parts.push({ part, benefit });
  }
  return parts.sort((a, b) => b.benefit - a.benefit).map(({ part }) => part);
}

/** True if a part leaves a bracket open, or ends within a line after an operator or a separator. */
function isUnfinished(part: string, { isLineEnd }: TextEnd): boolean {
  return leavesOpen(part) || (!isLineEnd && /[-+*/%=<>&|^!?:,.~@\\]$/.test(part));
}

/** Number of characters that the user would type; indentation does not count, because the editor inserts it. */
function typedUnits(text: string): number {
  return text.replace(/\n[^\S\n]*/g, "\n").length;
}
