import { documentExpertCount, expertCount } from "../core/decoding/ngramPrediction.js";
import {
  correctnessFeatures,
  features,
  type Calibration,
  type Correctness,
  type Feature,
  type Mixture,
} from "../core/calibration.js";
import { ModelError } from "./modelError.js";
import { readSmallFile } from "./regularFile.js";

/** A calibration takes about 2 kB. A file over the limit cannot be one. */
const limits = {
  maxBytes: 2 ** 20,
  what: "a calibration",
  missing: "no such file; copy the model's folder again, or fit it with npm run quality:fit",
} as const;

/**
 * The format version that `npm run quality:fit` writes. Raise it when an older version of the extension would misread
 * the numbers. A file without a version has version 1. Version 2 lacks the features of line ends.
 */
export const calibrationVersion = 3;
const readVersions: readonly unknown[] = [1, 2, calibrationVersion];

/** Reads and checks a calibration file. @throws ModelError if it is missing or not a calibration. */
export function readCalibration(path: string): Calibration {
  const text = readSmallFile(path, limits).toString("utf8");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ModelError(path, "cannot be read as JSON; fit it again with npm run quality:fit");
  }
  // Each field is checked below.
  const { formatVersion = 1, mixture, correctness } = (json ?? {}) as Readonly<Record<string, unknown>>;
  if (!readVersions.includes(formatVersion)) {
    const shown = JSON.stringify(formatVersion);
    throw new ModelError(path, `has format ${shown}; this version reads 1 to ${calibrationVersion}`);
  }
  const fitted = formatVersion === 1 ? firstCorrectness(correctness) : correctness;
  if (!isMixture(mixture) || !isCorrectness(fitted)) {
    throw new ModelError(path, "is not a calibration, or one of an older form; fit it again with npm run quality:fit");
  }
  return { mixture, correctness: fitted };
}

function isMixture(value: unknown): value is Mixture {
  if (typeof value !== "object" || value === null) return false;
  const { bounds, experts } = value as Readonly<Record<string, unknown>>; // each is checked here
  const lists = (bounds ?? {}) as Readonly<Record<string, unknown>>; // each of its fields is checked below
  if (!features.every((feature) => isAscending(lists[feature]))) return false;
  const lengthOf = (feature: Feature): number => (lists[feature] as number[]).length; // checked above
  const isExpert = (scores: unknown): boolean =>
    typeof scores === "object" &&
    scores !== null &&
    features.every((feature) => isScores((scores as Readonly<Record<string, unknown>>)[feature], lengthOf(feature)));
  return (
    Array.isArray(experts) && [documentExpertCount, expertCount].includes(experts.length) && experts.every(isExpert)
  );
}

function isScores(value: unknown, length: number): boolean {
  return Array.isArray(value) && value.length === length && value.every(Number.isFinite);
}

function isAscending(values: unknown): values is number[] {
  if (!Array.isArray(values) || values.length === 0) return false;
  return values.every((value: unknown, i) => typeof value === "number" && (i === 0 || value > Number(values[i - 1])));
}

/** Converts the `correctness` of a version 1 file, in which the coefficients are fields beside the bias. */
function firstCorrectness(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { bias, sum, least, length } = value as Readonly<Record<string, unknown>>; // checked by isCorrectness
  return { bias, coefficients: { sum, least, length } };
}

function isCorrectness(value: unknown): value is Correctness {
  if (typeof value !== "object" || value === null) return false;
  const { bias, coefficients } = value as Readonly<Record<string, unknown>>; // each is checked here
  if (typeof coefficients !== "object" || coefficients === null) return false;
  const isKnown = (name: string): boolean => (correctnessFeatures as readonly string[]).includes(name);
  return (
    Number.isFinite(bias) && Object.entries(coefficients).every(([name, one]) => isKnown(name) && Number.isFinite(one))
  );
}
