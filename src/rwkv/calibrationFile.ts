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
  const { mixture, correctness } = (json ?? {}) as Partial<Calibration>; // each field is checked below
  if (!isMixture(mixture) || !isCorrectness(correctness)) {
    throw new ModelError(path, "is not a calibration; fit it again with npm run quality:fit");
  }
  return { mixture, correctness };
}

function isMixture(value: Mixture | undefined): value is Mixture {
  if (value === undefined || ![value.lengths, value.places, value.entropies].every(isAscending)) return false;
  const { lengths, places, entropies, weights } = value;
  const isWeight = (weight: unknown): boolean => typeof weight === "number" && weight >= 0 && weight <= 1;
  return (
    weights.length === lengths.length &&
    weights.every(
      (row) =>
        row.length === places.length && row.every((one) => one.length === entropies.length && one.every(isWeight)),
    )
  );
}

function isAscending(values: unknown): boolean {
  return (
    Array.isArray(values) && values.length > 0 && values.every((value: number, i) => i === 0 || value > values[i - 1])
  );
}

function isCorrectness(value: Correctness | undefined): value is Correctness {
  return value !== undefined && [value.bias, value.sum, value.least, value.length].every(Number.isFinite);
}
