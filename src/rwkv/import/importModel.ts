import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, statfs, writeFile } from "node:fs/promises";
import path from "node:path";
import { type ChatFormat } from "../../core/model.js";
import { detectDimensions, type Dimensions } from "../architecture.js";
import { ModelError } from "../modelError.js";
import { weightsName } from "../modelFolder.js";
import { sha256Of } from "../sha256.js";
import { modelJsonVersion, type ModelJson } from "../modelJson.js";
import { openWeights, weightsFiles } from "../weights/openWeights.js";
import { writeSafetensors, type TensorPart } from "../weights/safetensorsFile.js";
import { importedBytes, importedTensors, type Quantization } from "./importedTensors.js";
import { importedVocabulary, type ImportedVocabulary } from "./importedVocabulary.js";
import { partialFolder, sweepPartialFolders } from "./partialFolder.js";
import { fillInMiddleSentinels, type ImportedPrompt } from "./promptFormFromName.js";
import { throwIfCancelled, type CancellationToken } from "../../shared/cancellation.js";

export interface ImportOptions {
  /** The folder to create. */
  readonly folder: string;
  readonly name: string;
  readonly quantization: Quantization;
  readonly chat: ChatFormat;
  /** Defaults to "prefix". */
  readonly prompt?: ImportedPrompt;
  /** A vocabulary file. Defaults to the vocabulary within the source, or else the published one in its folder. */
  readonly vocabulary: string | undefined;
}

export interface ImportTask {
  /** Receives the fraction done, from 0 to 1. */
  readonly onProgress: (fraction: number) => void;
  /** Checked while the source is hashed and before each write. */
  readonly cancellation: CancellationToken;
}

export interface ImportedModel {
  readonly folder: string;
  readonly dimensions: Dimensions;
  /** Size of the weights. */
  readonly bytes: number;
  /** The file from which the vocabulary was read; undefined for a byte-level model. */
  readonly vocabulary: string | undefined;
}

const vocabularyNames = { "greedy-trie": "vocab.txt", bpe: "tokenizer.json" } as const;
/** Upper bound for the size of model.json and the header of the weights. */
const smallFilesBytes = 2 ** 20;
/** Hashing the source takes about this fraction of an import's time. */
const hashingFraction = 0.2;

/**
 * Creates a model's folder from published weights. Tensors get BlinkDL's names. Only some rows of one tensor are in
 * memory at a time. The folder has a temporary name until it is complete. After a failure or a cancellation it is
 * removed; if the process is killed, the next import to the same folder removes it.
 * @throws ModelError that names the file and the fix; Cancelled.
 */
export async function importModel(source: string, options: ImportOptions, task: ImportTask): Promise<ImportedModel> {
  const { folder, quantization } = options;
  if (path.resolve(folder) === path.dirname(path.resolve(source))) {
    throw new ModelError(folder, "contains the model to import; choose another folder with --out DIR");
  }
  if (existsSync(folder)) throw new ModelError(folder, taken);
  const weights = openWeights(source);
  const dimensions = detectDimensions(weights);
  const vocabulary = importedVocabulary(source, dimensions.vocabularySize, options.vocabulary);
  const parts = importedTensors(weights, quantization);
  const bytes = importedBytes(parts);
  await checkFreeSpace(folder, bytes + smallFilesBytes);

  await sweepPartialFolders(folder);
  const partial = partialFolder(folder);
  await asModelError(partial, () => mkdir(partial));
  try {
    await asModelError(partial, () => fill(partial, { source, options, parts, bytes, vocabulary, dimensions }, task));
    throwIfCancelled(task.cancellation);
    await asModelError(folder, () => rename(partial, folder));
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  return { folder, dimensions, bytes, vocabulary: vocabulary.kind === "bytes" ? undefined : vocabulary.path };
}

interface Plan {
  readonly source: string;
  readonly options: ImportOptions;
  readonly dimensions: Dimensions;
  readonly vocabulary: ImportedVocabulary;
  readonly parts: readonly TensorPart[];
  /** Size of all parts. */
  readonly bytes: number;
}

async function fill(folder: string, plan: Plan, { onProgress, cancellation }: ImportTask): Promise<void> {
  const { source, options, dimensions, vocabulary, parts, bytes } = plan;
  const files: Record<string, { readonly sha256: string }> = {};
  let tokenizer: ModelJson["tokenizer"] = { kind: "bytes" };
  if (vocabulary.kind !== "bytes") {
    const file = vocabularyNames[vocabulary.kind];
    tokenizer = { kind: vocabulary.kind, file };
    await writeFile(path.join(folder, file), vocabulary.text);
    files[file] = { sha256: createHash("sha256").update(vocabulary.text).digest("hex") };
  }
  const hashed = await hashedSource(source, cancellation);
  onProgress(hashingFraction);
  const onBytes = (written: number): void => {
    onProgress(hashingFraction + (1 - hashingFraction) * Math.min(1, written / bytes));
  };
  files[weightsName] = {
    sha256: await writeSafetensors(path.join(folder, weightsName), parts, onBytes, cancellation),
  };
  const hasEndOfText = vocabulary.kind !== "bytes" && vocabulary.hasEndOfText;
  const { prompt = "prefix" } = options;
  const json = {
    formatVersion: modelJsonVersion,
    name: options.name,
    architecture: `rwkv${dimensions.version}`,
    tokenizer,
    document: {
      prompt,
      ...(prompt === "prefix" ? {} : { sentinels: fillInMiddleSentinels }),
      ...(hasEndOfText ? { endOfDocument: 0 } : {}),
    },
    ...(options.chat === "none" ? {} : { chat: options.chat }),
    licence: "see the source",
    source: hashed,
    files,
    weights: options.quantization === "none" ? "auto" : options.quantization,
  };
  await writeFile(path.join(folder, "model.json"), `${JSON.stringify(json, undefined, 2)}\n`);
}

/** File name and hash of an import's source. If it is an index of shards, `parts` has their hashes by file name. */
interface HashedSource {
  readonly file: string;
  readonly sha256: string;
  readonly parts?: Readonly<Record<string, string>>;
}

async function hashedSource(source: string, cancellation: CancellationToken): Promise<HashedSource> {
  const sha256 = await sha256Of(source, cancellation);
  const parts: Record<string, string> = {};
  for (const part of weightsFiles(source).slice(1)) parts[path.basename(part)] = await sha256Of(part, cancellation);
  return { file: path.basename(source), sha256, ...(Object.keys(parts).length === 0 ? {} : { parts }) };
}

async function checkFreeSpace(folder: string, needed: number): Promise<void> {
  const parent = path.dirname(path.resolve(folder));
  const { bavail, bsize } = await asModelError(parent, () => statfs(parent));
  if (bavail * bsize >= needed) return;
  const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
  const free = megabytes(bavail * bsize);
  const problem = `needs ${megabytes(needed)}, but only ${free} are free; choose another folder with --out DIR`;
  throw new ModelError(folder, problem);
}

const taken = "exists already; remove it, or choose another folder with --out DIR";
const remedies: Readonly<Record<string, string>> = {
  EEXIST: taken,
  ENOTEMPTY: taken,
  ENOENT: "no such folder; create it first",
  ENOSPC: "the disk is full; choose another folder with --out DIR",
};

/** Runs a file operation and converts its system errors to ModelErrors. */
async function asModelError<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    const code = String(error.code);
    throw new ModelError(path, remedies[code] ?? `cannot be written (${code}); choose another folder with --out DIR`);
  }
}
