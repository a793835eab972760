import { expertCount } from "../core/decoding/ngramPrediction.js";
import { features, type Calibration, type Correctness, type Feature, type Mixture } from "../core/calibration.js";
import { ModelError } from "./modelError.js";
import { readSmallFile } from "./regularFile.js";

/** The fitted numbers take about 1 kB. */
const limits = {
  maxBytes: 2 ** 20,
  what: "a calibration",
  missing: "no such file; copy the model's folder again, or fit it with npm run quality:fit",
} as const;

/** The form that is written and read; raised when an older version would misread the numbers. A file without one has 1. */
export const calibrationVersion = 1;

/** Reads the file of fitted numbers that model.json names. @throws ModelError where it is not one. */
export function readCalibration(path: string): Calibration {
  const text = readSmallFile(path, limits).toString("utf8");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ModelError(path, "cannot be read as JSON; fit it again with npm run quality:fit");
  }
  const { formatVersion = 1, mixture, correctness } = (json ?? {}) as Readonly<Record<string, unknown>>; // each field is checked below
  if (formatVersion !== calibrationVersion) {
    throw new ModelError(path, `has format ${JSON.stringify(formatVersion)}; this version reads ${calibrationVersion}`);
  }
  if (!isMixture(mixture) || !isCorrectness(correctness)) {
    throw new ModelError(path, "is not a calibration, or one of an older form; fit it again with npm run quality:fit");
  }
  return { mixture, correctness };
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
  return Array.isArray(experts) && experts.length === expertCount && experts.every(isExpert);
}

function isScores(value: unknown, length: number): boolean {
  return Array.isArray(value) && value.length === length && value.every(Number.isFinite);
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
