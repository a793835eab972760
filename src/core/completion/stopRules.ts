import { opensBlock } from "../text/blocks.js";
import { indentationOf } from "../text/indentationOf.js";
import { endOfGeneration, type GenerationExtent } from "./generationEnd.js";

/** How much text one completion may have. */
export type Extent =
  | GenerationExtent
  | { readonly kind: "line" }
  /** Lines at least as deep as `indentation`, up to a blank line or `maxLines`. */
  | { readonly kind: "block"; readonly indentation: string; readonly maxLines: number };

const maxBlockLines = 8;

/**
 * One line, unless the cursor stands on an empty line that opens a block.
 * @param above the lines above the cursor's, the nearest last.
 */
export function extentAt(typed: string, above: readonly string[]): Extent {
  if (typed.trim() !== "") return { kind: "line" };
  const opener = above.at(-1);
  if (opener === undefined || !opensBlock(opener)) return { kind: "line" };
  const outer = indentationOf(opener);
  if (typed.length > 0 && typed.length <= outer.length) return { kind: "line" };
  return { kind: "block", indentation: typed.length > 0 ? typed : `${outer} `, maxLines: maxBlockLines };
}

/** Where the generated text should end, once that can be told; undefined while it may go on. */
export function cutAt(text: string, extent: Extent): number | undefined {
  switch (extent.kind) {
    case "line":
      return endOfLine(text);
    case "block":
      return endOfBlock(text, extent);
    case "generation":
      return endOfGeneration(text, extent);
  }
}

function endOfLine(text: string): number | undefined {
  const end = text.indexOf("\n");
  return end < 0 ? undefined : end;
}

function endOfBlock(text: string, { indentation, maxLines }: Extract<Extent, { kind: "block" }>): number | undefined {
  let lineEnd = text.indexOf("\n");
  for (let lines = 1; lineEnd >= 0; lines++) {
    if (lines === maxLines) return lineEnd;
    const next = text.indexOf("\n", lineEnd + 1);
    const line = text.slice(lineEnd + 1, next < 0 ? undefined : next);
    const isBlank = line.trim() === "";
    if (isBlank && next >= 0) return lineEnd;
    if (!isBlank && !isDeeper(line, indentation)) return lineEnd;
    lineEnd = next;
  }
  return undefined;
}

function isDeeper(line: string, indentation: string): boolean {
  return indentationOf(line).length >= indentation.length;
}

/**
 * Where text that repeats itself should end: behind the first of three equal stretches at its end.
 * Stretches of one character, or of two that are signs, do not count: a rule of dashes, an indentation.
 */
export function repetitionCut(text: string): number | undefined {
  const end = text.length;
  for (let period = Math.max(4, shortestVaried(text)); period * 3 <= end; period++) {
    // Nearly all periods end here, at the price of one comparison.
    if (text.charCodeAt(end - 1) !== text.charCodeAt(end - 1 - period)) continue;
    const last = text.slice(-period);
    if (text.startsWith(last, end - 2 * period) && text.startsWith(last, end - 3 * period)) return end - 2 * period;
  }
  return undefined;
}

/** How long the shortest end of a text is that counts as a stretch. */
function shortestVaried(text: string): number {
  const seen = new Set<string>();
  for (let at = text.length - 1; at >= 0; at--) {
    if (isLowSurrogate(text.charCodeAt(at))) continue; // counts with the unit before it
    seen.add(String.fromCodePoint(text.codePointAt(at) ?? 0));
    if (seen.size >= 3 || (seen.size === 2 && /[\p{L}\p{N}]/u.test([...seen].join("")))) return text.length - at;
  }
  return Infinity;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
