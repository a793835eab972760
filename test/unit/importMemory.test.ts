import assert from "node:assert/strict";
import fs, { writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import test, { mock } from "node:test";
import type { Quantization } from "../../src/rwkv/import/importedTensors.js";
import { ggufFile } from "../support/ggufFile.js";
import { ggufModel } from "../support/ggufModel.js";
import { importInto } from "../support/importing.js";
import { shardFiles, writtenParts } from "../support/shardFiles.js";
import { pthFile } from "../support/pthFile.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { tensorFile, tensorsOf } from "../support/tensorFile.js";
import { tinyModel } from "../support/tinyModel.js";

/** Maximum number of bytes read from a source between two writes: 2^20 values in fp32. */
const maxBytes = 4 * 2 ** 20;
/** A model whose channel-mix matrices have 4 times as many values as may be read between two writes. */
const large = tinyModel(7, { C: 512, F: 8192, H: 8, N: 64, V: 256 });
const tokens = Array.from({ length: 256 }, (_, byte) => `\\x${byte.toString(16).padStart(2, "0")}`);
const vocabulary = { tokens, kinds: Array<number>(256).fill(1), headSize: 64 };

const sources: Readonly<Record<string, (folder: string) => string>> = {
  ".pth": (folder) => written(folder, "large.pth", pthFile(tensorsOf(large))),
  ".safetensors": (folder) => written(folder, "large.safetensors", tensorFile(tensorsOf(large))),
  "model in two files": (folder) => writtenParts(folder, shardFiles(tensorsOf(large), 2)),
  ".gguf": (folder) => {
    const { file } = ggufModel(large, { version: 7, matrices: "Q8_0", ...vocabulary });
    return written(folder, "large.gguf", ggufFile(file));
  },
};

function written(folder: string, name: string, bytes: Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

/** The maximum number of bytes read from files between two writes while `run` executes. */
async function maxRead(folder: string, run: () => Promise<unknown>): Promise<number> {
  let sinceWrite = 0;
  let max = 0;
  const probe = await open(path.join(folder, "probe"), "w");
  const handles = Object.getPrototypeOf(probe) as typeof probe; // `FileHandle` is not exported
  await probe.close();
  const { readSync } = fs;
  const reads = mock.method(fs, "readSync", (...args: Parameters<typeof readSync>) => {
    const count = readSync(...args);
    sinceWrite += count;
    max = Math.max(max, sinceWrite);
    return count;
  });
  const write = Reflect.get(handles, "write") as (...args: unknown[]) => unknown;
  const writes = mock.method(handles, "write", function (this: unknown, ...args: unknown[]) {
    sinceWrite = 0;
    return Reflect.apply(write, this, args);
  });
  try {
    await run();
    const counts = [reads, writes].map((method) => method.mock.callCount());
    assert.ok(Math.min(...counts) > large.names.length, `counted: ${counts.join()} calls`);
  } finally {
    mock.restoreAll();
  }
  return max;
}

const cases: readonly (readonly [string, Quantization])[] = [
  [".pth", "none"],
  [".pth", "int8"],
  [".pth", "int4"],
  [".safetensors", "int8"],
  ["model in two files", "int8"],
  [".gguf", "none"],
];
for (const [kind, quantization] of cases) {
  test(`an import of a ${kind} with ${quantization} has only some rows of one tensor in memory`, () =>
    inTemporaryFolder(async (folder) => {
      const source = sources[kind]!(folder);
      const max = await maxRead(folder, () => importInto(folder, source, { quantization }));
      assert.ok(max <= maxBytes, `${max} bytes were read before anything was written`);
    }));
}
