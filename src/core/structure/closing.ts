// Which of the open frames a closer ends.
import type { Frame } from "./frame.js";

/**
 * The frame that a closing bracket or word ends; undefined if it ends none.
 * @param columns the closer's indentation if it is the first thing on its line. An inner block was never closed if the
 *   closer is less deep than it and exactly as deep as an outer one of the same kind.
 */
export function closeBracket(from: Frame, closer: string, columns: number | undefined): Frame | undefined {
  const nearest = outward(from, closer);
  if (nearest === undefined || columns === undefined || columns >= nearest.indent) return nearest;
  for (let frame = outward(nearest.parent, closer); frame !== undefined; frame = outward(frame.parent, closer)) {
    if (frame.indent === columns) return frame;
  }
  return nearest;
}

/** The innermost frame with this closer that the closer may reach: `)` and `]` reach past no block, `}` and `end` do. */
function outward(from: Frame | undefined, closer: string): Frame | undefined {
  const isStrong = closer !== ")" && closer !== "]";
  for (let frame = from; frame !== undefined; frame = frame.parent) {
    if (frame.kind !== "bracket" && frame.kind !== "block") return undefined;
    if (frame.closer === closer) return frame;
    if (!isStrong && (frame.closer === "}" || frame.kind === "block")) return undefined;
    if (frame.parent?.kind === "string") return undefined; // the hole of a string
  }
  return undefined;
}

/**
 * The element that an end tag ends; elements without an end tag of their own end with it.
 * @param columns as for brackets.
 */
export function closeElement(from: Frame, name: string, columns: number | undefined): Frame | undefined {
  let nearest: Frame | undefined;
  for (let frame: Frame | undefined = from; frame?.kind === "element"; frame = frame.parent) {
    if (frame.closer !== `</${name}>`) continue;
    nearest ??= frame;
    if (columns === undefined || columns >= nearest.indent || frame.indent === columns) return frame;
  }
  return nearest;
}
