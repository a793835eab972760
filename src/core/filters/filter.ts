import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";

/** A rule that returns the candidate, changed or not, or undefined if nothing should be shown. */
export type Filter = (candidate: Insertion, point: InsertionPoint) => Insertion | undefined;
