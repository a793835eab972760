import { readFileSync } from "node:fs";
import type { Calibration, Correctness, Mixture } from "../core/calibration.js";
import { ModelError } from "./modelError.js";

/** Reads the file of fitted numbers that model.json names. @throws ModelError where it is not one. */
export function readCalibration(path: string): Calibration {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new ModelError(path, "cannot be read as JSON; fit it again with npm run quality:fit");
  }
  const { mixture, correctness } = (json ?? {}) as Readonly<Record<string, unknown>>; // each field is checked below
  if (!isMixture(mixture) || !isCorrectness(correctness)) {
    throw new ModelError(path, "is not a calibration; fit it again with npm run quality:fit");
  }
  return { mixture, correctness };
}

function isMixture(value: unknown): value is Mixture {
  if (typeof value !== "object" || value === null) return false;
  const { lengths, places, entropies, weights } = value as Readonly<Record<string, unknown>>; // each is checked here
  if (!isAscending(lengths) || !isAscending(places) || !isAscending(entropies)) return false;
  const isRow = (row: unknown): boolean => isListOf(row, entropies.length, isWeight);
  return isListOf(weights, lengths.length, (table) => isListOf(table, places.length, isRow));
}

function isListOf(value: unknown, length: number, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length === length && value.every(isItem);
}

function isWeight(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= 1;
}

function isAscending(values: unknown): values is number[] {
  if (!Array.isArray(values) || values.length === 0) return false;
  return values.every((value: unknown, i) => typeof value === "number" && (i === 0 || value > Number(values[i - 1])));
}

function isCorrectness(value: unknown): value is Correctness {
  if (typeof value !== "object" || value === null) return false;
  const { bias, sum, least, length } = value as Readonly<Record<string, unknown>>; // each is checked here
  return [bias, sum, least, length].every(Number.isFinite);
}
