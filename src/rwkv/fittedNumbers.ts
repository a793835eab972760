import path from "node:path";
import type { Calibration } from "../core/calibration.js";
import { readCalibration } from "./calibrationFile.js";
import { ModelError } from "./modelError.js";
import type { ModelJson } from "./modelJson.js";
import { sha256Of } from "./sha256.js";

/** The calibration of a model's folder, or why there is none. */
export type FittedNumbers =
  | { readonly kind: "fitted"; readonly calibration: Calibration; readonly sha256: string }
  | { readonly kind: "none" }
  | { readonly kind: "unusable"; readonly reason: string };

/**
 * Reads a model's calibration. A bad calibration does not prevent the model from loading, because it only improves
 * completions, and a folder made by another version may have another format.
 */
export async function fittedNumbers(folder: string, json: ModelJson): Promise<FittedNumbers> {
  if (json.calibration === undefined) return { kind: "none" };
  const file = path.join(folder, json.calibration);
  try {
    const sha256 = await sha256Of(file);
    if (sha256 !== json.files.get(json.calibration)?.sha256)
      throw new ModelError(file, "is not the file that model.json names (its sha256 differs)");
    return { kind: "fitted", calibration: readCalibration(file), sha256 };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { kind: "unusable", reason: error.message };
  }
}

/** Leaves out the calibration, so that `checkHashes` checks only the files that the model cannot do without. */
export function withoutCalibration(json: ModelJson): ModelJson {
  const files = [...json.files].filter(([name]) => name !== json.calibration);
  return { ...json, calibration: undefined, files: new Map(files) };
}
