import { existsSync } from "node:fs";
import path from "node:path";
import { ModelError } from "../modelError.js";
import { readSmallFile } from "../regularFile.js";
import { downloadAgain } from "./fileRange.js";
import { joinedSource, type TensorSource } from "./tensorSource.js";

/** Files beside the index, and nothing that a path could be made of. */
const shardName = /^[\w-][\w.-]*\.(safetensors|bin|pth)$/;
/** An entry takes about 100 bytes, and the largest models have some thousand tensors. */
const limits = {
  maxBytes: 16 * 2 ** 20,
  what: "an index of parts",
  missing: "no such file; download it again",
} as const;
const maxShards = 1000;
const brace = 0x7b;

/** True for what begins as JSON does. A .safetensors file begins with a length, whose upper bytes are 0. */
export function isIndex(head: Uint8Array): boolean {
  return head[0] === brace && !head.subarray(0, 8).includes(0);
}

/** The files that an index names, in order of their names. @throws ModelError where it is none. */
export function shardsOf(index: string): string[] {
  return [...new Set(readIndex(index).values())].sort().map((file) => besideOf(index, file));
}

/**
 * The tensors of all the files that an index names, as one source.
 * @param openShard opens one of the files.
 * @throws ModelError where a file is missing, or where index and files do not name the same tensors in the same places.
 */
export function openShards(index: string, openShard: (path: string) => TensorSource): TensorSource {
  const indexName = path.basename(index);
  const files = readIndex(index);
  const shards = new Map<string, TensorSource>();
  for (const file of new Set(files.values())) {
    const shard = besideOf(index, file);
    if (!existsSync(shard)) {
      throw new ModelError(shard, `no such file, and ${indexName} names it; download it too, into the same folder`);
    }
    shards.set(file, openShard(shard));
  }
  for (const [file, shard] of shards) {
    for (const name of shard.names) {
      const named = files.get(name);
      if (named === file) continue;
      const problem = named === undefined ? "does not name" : `looks for in ${named}`;
      throw new ModelError(shard.path, `holds ${name}, which ${indexName} ${problem}; download them again`);
    }
  }
  const tensors = new Map<string, TensorSource>();
  for (const [name, file] of files) {
    const shard = shards.get(file);
    if (shard?.has(name) !== true) {
      throw new ModelError(index, `looks for ${name} in ${file}, which does not hold it; download them again`);
    }
    tensors.set(name, shard);
  }
  return joinedSource(index, tensors);
}

/** The name of its file by each tensor's name. */
function readIndex(index: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const [name, file] of Object.entries(weightMap(index))) {
    if (typeof file !== "string" || !shardName.test(file)) {
      throw new ModelError(index, `does not say which file beside it holds ${name}; ${downloadAgain}`);
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
  const map = (json as Readonly<Record<string, unknown>>)["weight_map"]; // it begins with a brace: an object
  if (typeof map === "object" && map !== null && !Array.isArray(map)) return map;
  throw new ModelError(index, "no index of a model's parts; give the model as .safetensors, .pth or .gguf");
}

function besideOf(index: string, file: string): string {
  return path.join(path.dirname(index), file);
}
