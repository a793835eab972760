// Decides which open frame a closer ends.
import type { Frame } from "./frame.js";

/**
 * Finds the frame that a closing bracket or word ends. A closer that is indented less than the nearest matching frame
 * and exactly as much as an outer one ends the outer one: the inner block was never closed.
 * @param columns the closer's indentation if the closer is the first token on its line.
 * @returns undefined if the closer ends no frame.
 */
export function closeBracket(from: Frame, closer: string, columns: number | undefined): Frame | undefined {
  const nearest = outward(from, closer);
  if (nearest === undefined || columns === undefined || columns >= nearest.indent) return nearest;
  for (let frame = outward(nearest.parent, closer); frame !== undefined; frame = outward(frame.parent, closer)) {
    if (frame.indent === columns) return frame;
  }
  return nearest;
}

/**
 * The innermost frame that this closer can end. `)` and `]` cannot end a frame outside a block or a `{`; `}` and words
 * can.
 */
function outward(from: Frame | undefined, closer: string): Frame | undefined {
  const isStrong = closer !== ")" && closer !== "]";
  for (let frame = from; frame !== undefined; frame = frame.parent) {
    if (frame.kind !== "bracket" && frame.kind !== "block") return undefined; // such as the string of an interpolation
    if (frame.closer === closer) return frame;
    if (!isStrong && (frame.closer === "}" || frame.kind === "block")) return undefined;
  }
  return undefined;
}

/**
 * Finds the element that an end tag ends. Elements inside it that have no end tag end with it.
 * @param columns the end tag's indentation if it is the first token on its line; used as in `closeBracket`.
 */
export function closeElement(from: Frame, name: string, columns: number | undefined): Frame | undefined {
  let nearest: Frame | undefined;
  const isSame = (closer: string): boolean =>
    closer === `</${name}>` || (from.grammar.markup === "html" && closer.toLowerCase() === `</${name.toLowerCase()}>`);
  for (let frame: Frame | undefined = from; frame?.kind === "element"; frame = frame.parent) {
    if (!isSame(frame.closer)) continue;
    nearest ??= frame;
    if (columns === undefined || columns >= nearest.indent || frame.indent === columns) return frame;
  }
  return nearest;
}
