import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { importModel, type ImportedModel, type ImportOptions } from "../../src/rwkv/import/importModel.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { fixtures } from "./paths.js";
import { pthFile } from "./pthFile.js";
import { tensorsOf, type WrittenTensor } from "./tensorFile.js";
import { neverCancelled, type CancellationToken } from "../../src/shared/cancellation.js";

export const small = openSafetensors(path.join(fixtures, "rwkv/v7-small/model.safetensors"));
export const width = 128;

export const smallTensors = (): Record<string, WrittenTensor> => tensorsOf(small);

/** The tensors of the small model for another vocabulary size. All tokens have the same embedding. */
export function smallOver(vocabularySize: number): Record<string, WrittenTensor> {
  const table = (): WrittenTensor => ({
    dtype: "BF16",
    shape: [vocabularySize, width],
    bytes: new Uint8Array(new Uint16Array(vocabularySize * width).fill(0x3c00).buffer),
  });
  return { ...smallTensors(), "emb.weight": table(), "head.weight": table() };
}

export interface Run {
  readonly cancellation?: CancellationToken;
  readonly onProgress?: (fraction: number) => void;
}

/** Imports into `<folder>/made`. */
export function importInto(
  folder: string,
  source: string,
  { cancellation = neverCancelled, onProgress = () => undefined, ...options }: Partial<ImportOptions> & Run = {},
): Promise<ImportedModel> {
  const standard: ImportOptions = {
    folder: path.join(folder, "made"),
    name: "small",
    quantization: "none",
    chat: "none",
    vocabulary: undefined,
  };
  return importModel(source, { ...standard, ...options }, { cancellation, onProgress });
}

export function written(folder: string, tensors = smallTensors(), name = "small.pth"): string {
  const file = path.join(folder, name);
  writeFileSync(file, pthFile(tensors));
  return file;
}

/** Checks that an import is refused and leaves no files. @returns the name and message of the error. */
export async function refusal(
  folder: string,
  source: string,
  options: Partial<ImportOptions> & Run = {},
): Promise<string> {
  const before = readdirSync(folder);
  let message = "";
  await assert.rejects(importInto(folder, source, options), (error: Error) => {
    message = `${error.name} ${error.message}`;
    return true;
  });
  assert.deepEqual(readdirSync(folder), before);
  return message;
}
