import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import type { Filter } from "./filter.js";
import { deeperThanOpener, firstLineEnd, indentation, singleBlank } from "./layout.js";
import { repeatsAbove, repeatsBelow } from "./repetition.js";
import { lineContinues, structure } from "./structure.js";
import { lastSeparator } from "./separators.js";
import { unreadable } from "./unreadable.js";
import { changesNothing, whitespaceOnly } from "./visible.js";

/**
 * The order matters: invalid text is cut, then the layout is adapted, then the structure; the result is compared last.
 */
const filters: readonly Filter[] = [
  unreadable,
  whitespaceOnly,
  firstLineEnd,
  singleBlank,
  indentation,
  deeperThanOpener,
  lineContinues,
  structure,
  lastSeparator,
  whitespaceOnly,
  repeatsBelow,
  repeatsAbove,
  changesNothing,
];

/** @returns the part of a decoded text to show, or undefined if nothing should be shown. */
export function applyFilters(text: string, point: InsertionPoint): Insertion | undefined {
  let candidate: Insertion | undefined = { text, replaced: 0 };
  for (const filter of filters) {
    if (candidate === undefined) return undefined;
    candidate = filter(candidate, point);
  }
  return candidate;
}
