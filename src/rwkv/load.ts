import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import path from "node:path";
import { type Model } from "../core/model.js";
import { detectDimensions, publishedGroupNormEps, versionName, type Dimensions } from "./architecture.js";
import type { Engine, EngineName } from "./engine.js";
import { fittedNumbers, withoutCalibration, type FittedNumbers } from "./fittedNumbers.js";
import { PrefillSpeed } from "./prefillSpeed.js";
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
  /** Number of threads; 0 to measure several numbers and use the fastest. */
  readonly threads: number;
  /** Overrides the format in model.json. */
  readonly weights?: WeightFormat;
  /** Defaults to "auto". */
  readonly engine?: EngineName;
  /** Checked while files are hashed and engines are measured. */
  readonly cancellation?: CancellationToken;
  /** True to load the model without its calibration, for example to fit a new one. */
  readonly ignoresCalibration?: boolean;
}

/**
 * Loads a model's folder: model.json, weights and vocabulary. Each file's hash is checked.
 * @param onProgress receives the fraction done, from 0 to 1.
 * @throws ModelError that names the file and the fix; EngineError if no engine runs here; Cancelled.
 */
export async function loadModel(
  folder: string,
  options: LoadOptions,
  onProgress: (fraction: number) => void = () => undefined,
): Promise<Model> {
  const { cancellation = neverCancelled } = options;
  // If the drive hangs, findModel would block the process; this call waits without blocking. If the file is missing,
  // findModel reports that.
  await stat(path.join(folder, "model.json")).catch(() => undefined);
  throwIfCancelled(cancellation);
  const files = findModel(folder);
  if (files.kind === "file")
    throw new ModelError(folder, "is a file, not a model's folder; create one with rwkv-code import");
  const { json } = files;
  if (options.engine !== "onnxruntime") void addonProblem(); // starts the self-test while files are hashed
  const hashes = await checkHashes(folder, withoutCalibration(json), cancellation);
  const fitted = options.ignoresCalibration === true ? ({ kind: "none" } as const) : await fittedNumbers(folder, json);
  onProgress(0.1);
  const source = openWeights(files.weights);
  const dimensions = detectDimensions(source, json.groupNormEps);
  if (json.architecture !== `rwkv${dimensions.version}`) {
    const problem = `names the architecture ${json.architecture}, but the tensors are those of ${versionName(dimensions)}; correct it`;
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
  const prefillSpeed = new PrefillSpeed(engine.chunkTokens, await prefillTokensPerSecond(engine));
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
    packedStateBytes: engine.packedStateBytes,
    chunkTokens: engine.chunkTokens,
    tokensPerSecond: await tokensPerSecond(engine),
    get prefillTokensPerSecond() {
      return prefillSpeed.tokensPerSecond;
    },
    summarize: engine.summarize,
    open: (from) => prefillSpeed.timed(engine.open(from)),
    pack: (state) => engine.pack(state),
    dispose: () => engine.dispose(),
  };
}

function hashOf(fitted: FittedNumbers): string[] {
  return fitted.kind === "fitted" ? [fitted.sha256] : [];
}

/** Warnings about parts of the folder that this version cannot use. */
function notesOf(folder: string, { formatVersion }: ModelJson, fitted: FittedNumbers): string[] {
  const notes = [];
  if (formatVersion > modelJsonVersion) {
    const file = path.join(folder, "model.json");
    notes.push(
      `${file}: has format ${formatVersion}; this version reads ${modelJsonVersion} and ignores the rest. Update RWKV Code`,
    );
  }
  if (fitted.kind === "unusable")
    notes.push(`${fitted.reason}. The model is used without it, so completions are shown however uncertain they are`);
  return notes;
}

/**
 * The part of the model's id that depends on the epsilon of ln_x. Empty for the published models' epsilon.
 */
function modelEpsilon({ groupNormEps }: Dimensions): number[] {
  return groupNormEps === publishedGroupNormEps ? [] : [groupNormEps];
}

/** Weights without a tokenizer. Callers run them on token ids. */
export interface LoadedWeights {
  readonly engine: Engine;
  readonly dimensions: Dimensions;
}

/** Loads the weights of a bare file or of a model's folder in the given format. @throws ModelError, EngineError */
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
