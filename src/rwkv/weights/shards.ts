import { isObject } from "../../shared/jsonObject.js";
import { existsSync } from "node:fs";
import path from "node:path";
import { ModelError } from "../modelError.js";
import { readSmallFile } from "../regularFile.js";
import { downloadAgain } from "./fileRange.js";
import { joinedSource, type TensorSource } from "./tensorSource.js";

/** Matches names of files in the index's folder, but no paths. */
const shardName = /^[\w-][\w.-]*\.(safetensors|bin|pth)$/;
/** An index takes about 100 bytes per tensor, and the largest models have a few thousand tensors. */
const limits = {
  maxBytes: 16 * 2 ** 20,
  what: "an index of shards",
  missing: "no such file; download it again",
} as const;
const maxShards = 1000;
const brace = 0x7b;

/**
 * True if a file begins like JSON. A .safetensors file can also begin with a brace, but its first 8 bytes, the header's
 * length, contain a 0.
 */
export function isIndex(head: Uint8Array): boolean {
  return head[0] === brace && !head.subarray(0, 8).includes(0);
}

/** The paths of the shards that an index names, sorted. @throws ModelError if the file is not an index. */
export function shardsOf(index: string): string[] {
  return [...new Set(readIndex(index).values())].sort().map((file) => besideOf(index, file));
}

/**
 * Opens all shards of an index as one source.
 * @param openShard opens one of the files.
 * @throws ModelError if a shard is missing, or if a tensor is not in the shard that the index names for it.
 */
export function openShards(index: string, openShard: (path: string) => TensorSource): TensorSource {
  const indexName = path.basename(index);
  const files = readIndex(index);
  const shards = new Map<string, TensorSource>();
  for (const file of new Set(files.values())) {
    const shard = besideOf(index, file);
    if (!existsSync(shard)) {
      throw new ModelError(shard, `no such file, but ${indexName} names it; download it into the same folder`);
    }
    shards.set(file, openShard(shard));
  }
  for (const [file, shard] of shards) {
    for (const name of shard.names) {
      const named = files.get(name);
      if (named === file) continue;
      const problem = named === undefined ? "does not name" : `expects in ${named}`;
      throw new ModelError(shard.path, `holds ${name}, which ${indexName} ${problem}; download them again`);
    }
  }
  const tensors = new Map<string, TensorSource>();
  for (const [name, file] of files) {
    const shard = shards.get(file);
    if (shard?.has(name) !== true) {
      throw new ModelError(index, `expects ${name} in ${file}, which does not hold it; download them again`);
    }
    tensors.set(name, shard);
  }
  return joinedSource(index, tensors);
}

/** Reads an index. @returns the file names of the shards, by tensor name. */
function readIndex(index: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const [name, file] of Object.entries(weightMap(index))) {
    if (typeof file !== "string" || !shardName.test(file)) {
      throw new ModelError(index, `does not name a file in the same folder for ${name}; ${downloadAgain}`);
    }
    files.set(name, file);
  }
  const count = new Set(files.values()).size;
  if (count === 0 || count > maxShards) throw new ModelError(index, `names ${count} files; ${downloadAgain}`);
  return files;
}

function weightMap(index: string): object {
  const text = readSmallFile(index, limits).toString("utf8");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ModelError(index, `cannot be read as JSON; ${downloadAgain}`);
  }
  const map = (json as Readonly<Record<string, unknown>>)["weight_map"]; // JSON that begins with a brace is an object
  if (isObject(map)) return map;
  throw new ModelError(index, "is not an index of a model's shards; give the model as .safetensors, .pth or .gguf");
}

function besideOf(index: string, file: string): string {
  return path.join(path.dirname(index), file);
}
