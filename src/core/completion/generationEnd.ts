import { closesBlock, opensBlock } from "../text/blocks.js";
import { indentationOf } from "../text/indentationOf.js";

/** How far text that was asked for by command goes: to the end of its block, or of so many lines. */
export interface GenerationExtent {
  readonly kind: "generation";
  /** Of the line that the text begins on. */
  readonly indentation: string;
  readonly maxLines: number;
  /** The first line below that is not blank: where it would come again the text ends before it. */
  readonly below: string | undefined;
}

/**
 * Where generated text ends, as far as its whole lines tell; undefined while it may go on. The first line is the rest of
 * the cursor's. A block that opens in the text ends with the line that closes it; lines of one depth end at a blank one
 * behind them; and it ends where a line says what the one before or the one below says.
 */
export function endOfGeneration(text: string, { indentation, maxLines, below }: GenerationExtent): number | undefined {
  const depth = indentation.length;
  let isBegun = false;
  let isWithin = false;
  let previous: string | undefined;
  let start = 0;
  for (let count = 1; ; count++) {
    const end = text.indexOf("\n", start);
    if (end < 0) return undefined;
    const line = text.slice(start, end);
    const isBlank = line.trim() === "";
    const before = Math.max(0, start - 1);
    if (count > 1) {
      const own = indentationOf(line).length;
      if (isBlank && isBegun && !isWithin) return before;
      if (!isBlank && own < depth) return before;
      if (!isBlank && own === depth && isWithin && !goesOnWith(line)) {
        if (!closesBlock(line)) return before;
        if (!opensBlock(line)) return end;
      }
      const isRepeated = line.trim() === below?.trim() || line === previous;
      if (isRepeated && line.trim().length >= 3 && !closesBlock(line)) return before;
      if (own > depth) isWithin = true;
    }
    if (count === maxLines) return end;
    if (!isBlank) isBegun = true;
    previous = line;
    start = end + 1;
  }
}

/** True for a line with which what a block belongs to goes on, without a bracket that says so. */
function goesOnWith(line: string): boolean {
  return /^\s*(else|elif|elsif|except|catch|finally|rescue|ensure|case|default)\b/.test(line);
}
