import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";

/** One rule: the candidate, changed or not, or undefined if nothing should be shown. */
export type Filter = (candidate: Insertion, point: InsertionPoint) => Insertion | undefined;
