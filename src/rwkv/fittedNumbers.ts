import path from "node:path";
import type { Calibration } from "../core/calibration.js";
import { readCalibration } from "./calibrationFile.js";
import { ModelError } from "./modelError.js";
import type { ModelJson } from "./modelJson.js";
import { sha256Of } from "./sha256.js";

/** The calibration of a model's folder, or why the model does without. */
export type FittedNumbers =
  | { readonly kind: "fitted"; readonly calibration: Calibration; readonly sha256: string }
  | { readonly kind: "none" }
  | { readonly kind: "unusable"; readonly reason: string };

/**
 * Reads what was fitted for a model. Whatever is wrong with it does not keep the model from loading: its numbers only
 * improve the answers, and a folder that another version made may have them in another form.
 */
export async function fittedNumbers(folder: string, json: ModelJson): Promise<FittedNumbers> {
  if (json.calibration === undefined) return { kind: "none" };
  const file = path.join(folder, json.calibration);
  try {
    const sha256 = await sha256Of(file);
    if (sha256 !== json.files.get(json.calibration)?.sha256)
      throw new ModelError(file, "is not the file that model.json names");
    return { kind: "fitted", calibration: readCalibration(file), sha256 };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { kind: "unusable", reason: error.message };
  }
}

/** The same model.json without its calibration: what a model cannot do without. */
export function withoutCalibration(json: ModelJson): ModelJson {
  const files = [...json.files].filter(([name]) => name !== json.calibration);
  return { ...json, calibration: undefined, files: new Map(files) };
}
