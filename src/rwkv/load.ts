import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import path from "node:path";
import { type Model } from "../core/model.js";
import { detectDimensions, publishedGroupNormEps, versionName, type Dimensions } from "./architecture.js";
import type { Engine, EngineName } from "./engine.js";
import { fittedNumbers, withoutCalibration, type FittedNumbers } from "./fittedNumbers.js";
import { prefillTokensPerSecond, tokensPerSecond } from "./speedMeasurement.js";
import { ModelError } from "./modelError.js";
import { checkHashes, findModel, checkSentinels, promptFormatOf, tokenizerOf } from "./modelFolder.js";
import { modelJsonVersion, type ModelJson } from "./modelJson.js";
import { addonProblem } from "./native/addonCheck.js";
import { selectEngine } from "./selectEngine.js";
import { openWeights } from "./weights/openWeights.js";
import type { WeightFormat } from "./weights/matrices.js";
import { neverCancelled, throwIfCancelled, type CancellationToken } from "../shared/cancellation.js";

export interface LoadOptions {
  /** 0: measured. */
  readonly threads: number;
  /** In place of what model.json says. */
  readonly weights?: WeightFormat;
  /** "auto" where absent. */
  readonly engine?: EngineName;
  /** Looked at between pieces of the files. */
  readonly cancellation?: CancellationToken;
  /** True if it is about to be fitted anew. */
  readonly ignoresCalibration?: boolean;
}

/**
 * Loads a model's folder: model.json, weights, vocabulary, each checked by hash.
 * @param onProgress hears fractions of the way.
 * @throws ModelError that names the file and the fix; Cancelled.
 */
export async function loadModel(
  folder: string,
  options: LoadOptions,
  onProgress: (fraction: number) => void = () => undefined,
): Promise<Model> {
  const { cancellation = neverCancelled } = options;
  // On a drive that hangs this waits, in place of the whole process in findModel. What is missing is said there.
  await stat(path.join(folder, "model.json")).catch(() => undefined);
  throwIfCancelled(cancellation);
  const files = findModel(folder);
  if (files.kind === "file") throw new ModelError(folder, "a file; give a model's folder: rwkv-code import makes one");
  const { json } = files;
  if (options.engine !== "onnxruntime") void addonProblem(); // meanwhile
  const hashes = await checkHashes(folder, withoutCalibration(json), cancellation);
  const fitted = options.ignoresCalibration === true ? ({ kind: "none" } as const) : await fittedNumbers(folder, json);
  onProgress(0.1);
  const source = openWeights(files.weights);
  const dimensions = detectDimensions(source, json.groupNormEps);
  if (json.architecture !== `rwkv${dimensions.version}`) {
    const problem = `says ${json.architecture}, the tensors are those of an ${versionName(dimensions)}; correct model.json`;
    throw new ModelError(path.join(folder, "model.json"), problem);
  }
  checkSentinels(folder, json, dimensions.vocabularySize);
  const tokenizer = tokenizerOf(folder, json, dimensions.vocabularySize);
  const { engine, note } = await selectEngine(options.engine ?? "auto", {
    source,
    dimensions,
    weights: options.weights ?? json.weights,
    threads: options.threads,
    onProgress: (fraction) => {
      throwIfCancelled(cancellation);
      onProgress(0.1 + 0.9 * fraction);
    },
  });
  return {
    id: createHash("sha256")
      .update([...hashes.values(), ...hashOf(fitted), engine.kind, engine.format, ...modelEpsilon(dimensions)].join())
      .digest("hex"),
    name: json.name,
    engine: note === undefined ? engine.toString() : `${engine.toString()} (${note})`,
    tokenizer,
    prompt: promptFormatOf(json),
    chat: json.chat,
    calibration: fitted.kind === "fitted" ? fitted.calibration : undefined,
    notes: notesOf(folder, json, fitted),
    stateBytes: engine.stateBytes,
    chunkTokens: engine.chunkTokens,
    tokensPerSecond: await tokensPerSecond(engine),
    prefillTokensPerSecond: await prefillTokensPerSecond(engine),
    open: (from) => engine.open(from),
    dispose: () => engine.dispose(),
  };
}

function hashOf(fitted: FittedNumbers): string[] {
  return fitted.kind === "fitted" ? [fitted.sha256] : [];
}

/** What of the folder is of a form that this version does not know, and did without. */
function notesOf(folder: string, { formatVersion }: ModelJson, fitted: FittedNumbers): string[] {
  const notes = [];
  if (formatVersion > modelJsonVersion) {
    const file = path.join(folder, "model.json");
    notes.push(
      `${file}: has format ${formatVersion}; this version reads ${modelJsonVersion} and uses what it knows. Update RWKV Code`,
    );
  }
  if (fitted.kind === "unusable")
    notes.push(`${fitted.reason}. The model is used without it: ghost text appears however unsure it is`);
  return notes;
}

/** What model.json says of ln_x, where that is not what published models have: their ids have never held it. */
function modelEpsilon({ groupNormEps }: Dimensions): number[] {
  return groupNormEps === publishedGroupNormEps ? [] : [groupNormEps];
}

/** Weights without a tokenizer: for evaluation by token ids. */
export interface LoadedWeights {
  readonly engine: Engine;
  readonly dimensions: Dimensions;
}

/** Loads a bare weights file, or a folder's, in one format. @throws ModelError */
export async function loadWeights(
  modelPath: string,
  weights: WeightFormat,
  threads: number,
  name: EngineName = "onnxruntime",
): Promise<LoadedWeights> {
  const files = findModel(modelPath);
  if (files.kind === "folder") await checkHashes(files.folder, files.json);
  const source = openWeights(files.weights);
  const dimensions = detectDimensions(source, files.kind === "folder" ? files.json.groupNormEps : undefined);
  const { engine } = await selectEngine(name, { source, dimensions, weights, threads, onProgress: () => undefined });
  return { engine, dimensions };
}
