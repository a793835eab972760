import type { ChatFormat } from "../core/model.js";
import { detect, type Dimensions } from "./architecture.js";
import { checkHashes, findModel, sha256Of, tokenizerOf } from "./modelFolder.js";
import { stateFloats } from "./ort/ortReader.js";
import { stateOf } from "./ort/modelGraph.js";
import { openWeights } from "./weights/openWeights.js";

/** What can be said about a model without running it. */
export interface ModelDescription {
  readonly name: string | undefined;
  readonly dimensions: Dimensions;
  readonly parameters: number;
  /** How many tensors of each element type. */
  readonly dtypes: Readonly<Record<string, number>>;
  readonly tokenizer: string;
  readonly prompt: string | undefined;
  readonly chat: ChatFormat | undefined;
  readonly licence: string | undefined;
  readonly stateBytes: number;
  readonly sha256: Readonly<Record<string, string>>;
}

/** Describes a model's folder or a bare weights file. @throws ModelError where it is none, or damaged. */
export async function describeModel(place: string): Promise<ModelDescription> {
  const files = findModel(place);
  const json = files.kind === "folder" ? files.json : undefined;
  const hashes = files.kind === "folder" ? await checkHashes(files.folder, files.json) : undefined;
  const source = openWeights(files.weights);
  const dimensions = detect(source);
  const dtypes: Record<string, number> = {};
  let parameters = 0;
  for (const name of source.names) {
    const dtype = source.dtype(name);
    dtypes[dtype] = (dtypes[dtype] ?? 0) + 1;
    if (!name.endsWith(".scale")) parameters += source.shape(name).reduce((product, length) => product * length, 1);
  }
  const { vocabularySize } = dimensions;
  if (files.kind === "folder") tokenizerOf(files.folder, files.json, vocabularySize); // says what is wrong with it
  return {
    name: json?.name,
    dimensions,
    parameters,
    dtypes,
    tokenizer: json?.tokenizer.kind ?? (vocabularySize === 256 ? "bytes" : "none beside the file"),
    prompt: json?.document.prompt,
    chat: json?.chat,
    licence: json?.licence,
    stateBytes: stateFloats(stateOf(dimensions)) * Float32Array.BYTES_PER_ELEMENT,
    sha256: Object.fromEntries(hashes ?? [["weights", await sha256Of(files.weights)]]),
  };
}
