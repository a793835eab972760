import { closesBlock, opensBlock } from "../text/blocks.js";
import { indentationOf } from "../text/indentationOf.js";

/** The lines around a place, the nearest last above and first below. */
export interface LinesAround {
  readonly above: readonly string[];
  readonly below: readonly string[];
}

/** A block that a place is in for certain, however little its own line and the comments above are indented. */
export interface EnclosingBlock {
  /** What its lines begin with; one level more than its opener, where none of them is there yet. */
  readonly indentation: string;
  /** A bracket opened it, and nothing below closes that. */
  readonly isUnclosed: boolean;
}

/**
 * Brackets tell, and a line that opens a block right above; so does a line of the block that follows below. Where a block
 * is told by its indentation alone it may have ended, and then there is none.
 * @param unit the indentation of one level.
 */
export function enclosingBlock({ above, below }: LinesAround, unit: string): EnclosingBlock | undefined {
  const code = above.filter(isCode);
  const last = code.at(-1);
  if (last === undefined) return undefined;
  const next = below.find(isCode);
  if (opensBlock(last)) {
    const indentation = indentationOf(last) + unit;
    return { indentation, isUnclosed: opensBracket(last) && isLeftOpen(indentation, next) };
  }
  let inner = indentationOf(last);
  for (const line of code.toReversed()) {
    const own = indentationOf(line);
    if (own.length >= inner.length) continue;
    if (opensBracket(line)) return { indentation: inner, isUnclosed: isLeftOpen(inner, next) };
    inner = own;
  }
  if (next === undefined || closesBlock(next)) return undefined;
  const [own, others] = [indentationOf(next), indentationOf(last)];
  return own === "" || own.length > others.length ? undefined : { indentation: own, isUnclosed: false };
}

/** Neither blank nor a comment; what ends with a bracket or a comma is no comment of the kind that # begins. */
function isCode(line: string): boolean {
  return line.trim() !== "" && !/^\s*(\/\/|\/?\*|--|;|<!--|#(?!.*[{,]\s*$))/.test(line);
}

function opensBracket(line: string): boolean {
  return /[{([]\s*$/.test(line);
}

/** @param next the first line of code below. */
function isLeftOpen(indentation: string, next: string | undefined): boolean {
  return next === undefined || (indentationOf(next).length < indentation.length && !closesBlock(next));
}
