import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { ModelError } from "../modelError.js";
import { statOf, unreadable } from "../regularFile.js";

/** The names of weights files and indexes of shards on Hugging Face. */
const usualNames = [
  "model.safetensors.index.json",
  "pytorch_model.bin.index.json",
  "model.safetensors",
  "pytorch_model.bin",
];
const weightsName = /\.(safetensors|st|pth|gguf)$/i;

/**
 * Finds the weights at a path. The path of a file or a model's folder is returned unchanged. In any other folder, the
 * file with a usual name is chosen, or else the only weights file. The path of a folder without weights files is
 * returned unchanged; the caller reports the problem.
 * @throws ModelError if the path cannot be read, or the folder has several weights files without a usual name.
 */
export function weightsAt(weightsPath: string): string {
  if (statOf(weightsPath)?.isDirectory() !== true) return weightsPath;
  if (existsSync(path.join(weightsPath, "model.json"))) return weightsPath;
  const usual = usualNames.find((name) => existsSync(path.join(weightsPath, name)));
  if (usual !== undefined) return path.join(weightsPath, usual);
  const [first, ...others] = namesIn(weightsPath)
    .filter((name) => weightsName.test(name))
    .sort();
  if (first === undefined) return weightsPath;
  if (others.length === 0) return path.join(weightsPath, first);
  throw new ModelError(weightsPath, `holds ${others.length + 1} weights files; give one of them, for example ${first}`);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw unreadable(folder, error);
  }
}
