import { statSync } from "node:fs";
import path from "node:path";
import type { ChatFormat } from "../core/model.js";
import { detectDimensions, type Dimensions } from "./architecture.js";
import { importedBytes, importedTensors, type Quantization } from "./import/importedTensors.js";
import { isVocabularyMissing } from "./import/importedVocabulary.js";
import { promptFormFromName, type ImportedPrompt } from "./import/promptFormFromName.js";
import { publishedName } from "./import/publishedName.js";
import { checkHashes, findModel, tokenizerOf, type ModelFiles } from "./modelFolder.js";
import { sha256Of } from "./sha256.js";
import type { ModelJson } from "./modelJson.js";
import { stateFloats } from "./ort/ortReader.js";
import { stateOf } from "./ort/modelGraph.js";
import { shapeOfValues } from "./weights/matrices.js";
import { openWeights, weightsFiles } from "./weights/openWeights.js";
import { weightsAt } from "./weights/weightsAt.js";
import type { TensorSource } from "./weights/tensorSource.js";

/** Properties of a model that can be read from its files without running it. */
export interface ModelDescription {
  readonly name: string | undefined;
  readonly dimensions: Dimensions;
  readonly parameters: number;
  /** Size of the weights file, or of all shards. */
  readonly weightsBytes: number;
  /** Number of tensors by element type. */
  readonly dtypes: Readonly<Record<string, number>>;
  readonly tokenizer: string;
  /** True for a bare weights file whose import needs a vocabulary file. */
  readonly isVocabularyMissing: boolean;
  /** Size of the weights after an import, by quantization. */
  readonly importedBytes: Readonly<Record<Quantization, number>>;
  readonly prompt: ModelJson["document"]["prompt"] | undefined;
  /** The model's name according to the published file's path; undefined for a model's folder. */
  readonly publishedName: string | undefined;
  /**
   * The prompt form that the name of a bare weights file suggests; undefined if the model's family has no
   * fill-in-the-middle models.
   */
  readonly suggestedPrompt: ImportedPrompt | undefined;
  readonly chat: ChatFormat | undefined;
  readonly licence: string | undefined;
  readonly stateBytes: number;
  /** Hashes by file; empty if not requested. */
  readonly sha256: Readonly<Record<string, string>>;
}

/**
 * Describes a model's folder, a bare weights file, or a folder of shards.
 * @param hashing "none" avoids reading the files completely, which takes seconds for large ones.
 * @throws ModelError if the path is not a model or the model is damaged.
 */
export async function describeModel(
  modelPath: string,
  hashing: "sha256" | "none" = "sha256",
): Promise<ModelDescription> {
  const files = findModel(weightsAt(modelPath));
  const json = files.kind === "folder" ? files.json : undefined;
  const sha256 = hashing === "none" ? {} : await hashesOf(files);
  const source = openWeights(files.weights);
  const dimensions = detectDimensions(source, json?.groupNormEps);
  const dtypes: Record<string, number> = {};
  let parameters = 0;
  for (const name of source.names) {
    const dtype = source.dtype(name);
    dtypes[dtype] = (dtypes[dtype] ?? 0) + 1;
    if (!name.endsWith(".scale"))
      parameters += shapeOfValues(source, name).reduce((product, length) => product * length, 1);
  }
  const { vocabularySize } = dimensions;
  if (files.kind === "folder") tokenizerOf(files.folder, files.json, vocabularySize); // checks the vocabulary
  return {
    name: json?.name,
    dimensions,
    parameters,
    weightsBytes: weightsFiles(files.weights).reduce((sum, file) => sum + statSync(file).size, 0),
    dtypes,
    tokenizer: json?.tokenizer.kind ?? (vocabularySize === 256 ? "bytes" : "none beside the file"),
    isVocabularyMissing: files.kind === "file" && isVocabularyMissing(files.weights, vocabularySize),
    importedBytes: bytesOfImports(source),
    prompt: json?.document.prompt,
    publishedName: files.kind === "file" ? publishedName(files.weights) : undefined,
    suggestedPrompt: files.kind === "file" ? promptFormFromName(files.weights, dimensions) : undefined,
    chat: json?.chat,
    licence: json?.licence,
    stateBytes: stateFloats(stateOf(dimensions)) * Float32Array.BYTES_PER_ELEMENT,
    sha256,
  };
}

function bytesOfImports(source: TensorSource): Readonly<Record<Quantization, number>> {
  const bytes = (quantization: Quantization): number => importedBytes(importedTensors(source, quantization));
  return { none: bytes("none"), int8: bytes("int8"), int4: bytes("int4") };
}

async function hashesOf(files: ModelFiles): Promise<Readonly<Record<string, string>>> {
  if (files.kind === "file") {
    const hashes: Record<string, string> = { weights: await sha256Of(files.weights) };
    for (const part of weightsFiles(files.weights).slice(1)) hashes[path.basename(part)] = await sha256Of(part);
    return hashes;
  }
  return Object.fromEntries(await checkHashes(files.folder, files.json));
}
