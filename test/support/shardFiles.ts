import { writeFileSync } from "node:fs";
import path from "node:path";
import { tensorFile, type WrittenTensor } from "./tensorFile.js";

/** The files of a sharded model by name: the shards and the index, in Hugging Face's format. */
export type ShardFiles = Readonly<Record<string, Uint8Array>>;

export const indexName = "model.safetensors.index.json";

export function partName(number: number, count: number, ending = "safetensors"): string {
  const digits = (one: number): string => `${one}`.padStart(5, "0");
  return `model-${digits(number)}-of-${digits(count)}.${ending}`;
}

/** Distributes tensors over `count` shards. @param asFile encodes a shard; as .safetensors by default. */
export function shardFiles(
  tensors: Readonly<Record<string, WrittenTensor>>,
  count: number,
  asFile: (tensors: Readonly<Record<string, WrittenTensor>>) => Uint8Array = tensorFile,
): ShardFiles {
  const entries = Object.entries(tensors);
  const files: Record<string, Uint8Array> = {};
  const map: Record<string, string> = {};
  for (let part = 0; part < count; part++) {
    const name = partName(part + 1, count);
    const own = entries.filter((_, i) => i % count === part);
    files[name] = asFile(Object.fromEntries(own));
    for (const [tensor] of own) map[tensor] = name;
  }
  return { [indexName]: indexOf(map), ...files };
}

export function indexOf(map: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(`${JSON.stringify({ metadata: { total_size: 0 }, weight_map: map }, undefined, 2)}\n`);
}

/** Writes all files into a folder. @returns the path of the index. */
export function writtenParts(folder: string, files: ShardFiles): string {
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(folder, name), bytes);
  return path.join(folder, indexName);
}
