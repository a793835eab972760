import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { describeModel } from "../../src/rwkv/describe.js";
import { sha256Of } from "../../src/rwkv/sha256.js";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import { weightsAt } from "../../src/rwkv/weights/weightsAt.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { importInto, refusal, small, smallTensors } from "../support/importing.js";
import { flaTensors } from "../support/namingSchemes.js";
import { indexName, indexOf, partName, shardFiles, writtenParts } from "../support/shardFiles.js";
import { pthFile } from "../support/pthFile.js";
import { testRefused } from "../support/refused.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { floats, tensorFile } from "../support/tensorFile.js";

test("a sharded model is imported like the same model in one file, from its index and from its folder", () =>
  inTemporaryFolder(async (folder) => {
    const parts = path.join(folder, "rwkv7-g1-small");
    mkdirSync(parts);
    const files = shardFiles(flaTensors(small), 3);
    const index = writtenParts(parts, files);
    assert.equal(weightsAt(parts), index);
    assert.equal(weightsAt(folder), folder);
    for (const [name, quantization] of [
      ["whole", "none"],
      ["eight", "int8"],
    ] as const) {
      const made = path.join(folder, name);
      const { dimensions } = await importInto(folder, index, { folder: made, quantization });
      assert.deepEqual([dimensions.version, dimensions.layers], [7, 3]);
    }
    const whole = openSafetensors(path.join(folder, "whole/model.safetensors"));
    assert.deepEqual([...whole.names].sort(), small.names.filter((name) => !/^blocks\.0\.att\.v\d/.test(name)).sort());
    for (const name of whole.names) assert.deepEqual(whole.readBytes(name), small.readBytes(name), name);

    const json = JSON.parse(readFileSync(path.join(folder, "eight/model.json"), "utf8")) as { source: object };
    const hashes = [indexName, ...[1, 2, 3].map((part) => partName(part, 3))].map(async (file) => {
      return [file, await sha256Of(path.join(parts, file))] as const;
    });
    const [[file, sha256], ...ofParts] = (await Promise.all(hashes)) as [[string, string], ...[string, string][]];
    assert.deepEqual(json.source, { file, sha256, parts: Object.fromEntries(ofParts) });

    const { weightsBytes, sha256: described } = await describeModel(parts);
    assert.deepEqual(described, { weights: sha256, ...Object.fromEntries(ofParts) });
    const sizes = Object.values(files).map((bytes) => bytes.length);
    assert.equal(
      weightsBytes,
      sizes.reduce((a, b) => a + b),
    );
    assert.match(
      await refusal(folder, index, { folder: parts }),
      /small: contains the model to import; choose another folder/,
    );
  }));

test("shards may be PyTorch files", () =>
  inTemporaryFolder((folder) => {
    const source = openWeights(writtenParts(folder, shardFiles(smallTensors(), 2, pthFile)));
    for (const name of small.names) assert.deepEqual(source.readBytes(name), small.readBytes(name), name);
    const [rows, first] = [source.readRows("head.weight", 3, 5), source.readBytes("head.weight")];
    assert.deepEqual(rows, first.slice((3 * first.length) / 256, (5 * first.length) / 256));
  }));

const one = floats([1], [1]);
const two = { a: one, b: one };
const [first, second] = [partName(1, 2), partName(2, 2)];
const good = shardFiles(two, 2);

/** Returns a function that opens a model with this index in a folder with valid shards. */
const opened = (index: Uint8Array | string) => (folder: string) => {
  openWeights(writtenParts(folder, { ...good, [indexName]: Buffer.from(index) }));
};
/** Like `opened`, with an index that maps the tensor b to `file`. */
const placed = (file: unknown) => opened(indexOf({ a: first, b: file }));

testRefused(
  "an index with a missing shard is rejected by the shard's name",
  (folder) => {
    const index = writtenParts(folder, good);
    rmSync(path.join(folder, second));
    openWeights(index);
  },
  /model-00002-of-00002\.safetensors: no such file, but model\.safetensors\.index\.json names it; download it/,
);

testRefused(
  "a shard that is cut off is rejected by its name",
  (folder) => {
    openWeights(writtenParts(folder, { ...good, [second]: good[second]!.subarray(0, -1) }));
  },
  /model-00002-of-00002\.safetensors: ends before tensor b; .*download it again/,
);

testRefused(
  "a value that is not finite is rejected by its shard's name",
  (folder) => {
    const bad = tensorFile({ b: floats([1], [NaN]) });
    openWeights(writtenParts(folder, { ...good, [second]: bad })).readFloats("b");
  },
  /model-00002-of-00002\.safetensors: b holds NaN/,
);

const outside: readonly (readonly [string, unknown])[] = [
  ["above the folder", "../model.safetensors"],
  ["in a folder below", "sub/model.safetensors"],
  ["in a folder below, as Windows writes it", "sub\\model.safetensors"],
  ["anywhere", "/etc/model.safetensors"],
  ["on a drive", "C:model.safetensors"],
  ["in a hidden file", ".safetensors"],
  ["after a zero byte", "model.safetensors\0.safetensors"],
  ["in a line break", "model.safetensors\n"],
  ["in the index itself", indexName],
  ["in a file of another kind", "model.gguf"],
  ["in a value that is not a string", 7],
  ["nowhere", null],
  ["in a list", ["model.safetensors"]],
];
for (const [what, file] of outside) {
  testRefused(
    `an index that looks ${what} is refused`,
    placed(file),
    /index\.json: does not name a file in the same folder/,
  );
}

const wrong: readonly (readonly [string, (folder: string) => void, RegExp])[] = [
  [
    "in the other shard",
    placed(first),
    /index\.json: expects b in model-00001-of-00002\.safetensors, which does not hold it/,
  ],
  [
    "in the other tensor's shard",
    opened(indexOf({ a: second, b: first })),
    /00002\.safetensors: holds b, which \S+ expects in model-00001-of-00002/,
  ],
  [
    "in a shard that does not have it",
    opened(indexOf({ a: first, b: second, c: second })),
    /expects c in model-00002-of-00002\.safetensors, which does not hold it/,
  ],
];
for (const [what, read, message] of wrong) {
  testRefused(`an index that looks for a tensor ${what} is refused`, read, message);
}

testRefused(
  "a tensor that the index does not name is rejected",
  (folder) => {
    openWeights(writtenParts(folder, { ...good, [second]: tensorFile({ b: one, c: one }) }));
  },
  /00002-of-00002\.safetensors: holds c, which model\.safetensors\.index\.json does not name/,
);
testRefused(
  "a tensor in two shards is rejected",
  (folder) => {
    openWeights(writtenParts(folder, { ...good, [second]: tensorFile({ b: one, a: one }) }));
  },
  /00002-of-00002\.safetensors: holds a, which \S+ expects in model-00001-of-00002\.safetensors/,
);
testRefused(
  "a tensor in two shards that the index names twice is rejected",
  (folder) => {
    const map = `"a":"${first}","b":"${first}","b":"${second}"`;
    const files = { ...good, [first]: tensorFile(two), [indexName]: Buffer.from(`{"weight_map":{${map}}}`) };
    openWeights(writtenParts(folder, files));
  },
  /00001-of-00002\.safetensors: holds b, which \S+ expects in model-00002-of-00002\.safetensors/,
);
testRefused(
  "two names of the same tensor in two shards are rejected",
  (folder) => {
    const tensors = { ...flaTensors(small), "head.weight": flaTensors(small)["lm_head.weight"]! };
    openWeights(writtenParts(folder, shardFiles(tensors, 2)));
  },
  /head\.weight and lm_head\.weight are the same tensor/,
);

const noIndex: readonly (readonly [string, string, RegExp])[] = [
  ["text that is not JSON", '{"weight_map":', /cannot be read as JSON/],
  ["an index without a map", '{"metadata":{}}', /is not an index of a model's shards; give the model as \.safetensors/],
  ["an index with a list instead of the map", '{"weight_map":["a"]}', /is not an index of a model's shards/],
  ["an index with null instead of the map", '{"weight_map":null}', /is not an index of a model's shards/],
  ["an empty index", '{"weight_map":{}}', /names 0 files/],
  ["an endlessly nested index", `{"weight_map":{"a":${"[".repeat(1e6)}${"]".repeat(1e6)}}}`, /does not name a file/],
  [
    "an index of 2000 shards",
    indexOf(Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`${i}`, `${i}.safetensors`]))).toString(),
    /names 2000 files/,
  ],
  ["an index of 17 MB", `{${" ".repeat(17 * 2 ** 20)}}`, /has \d+ bytes; an index of shards has at most \d+/],
];
for (const [what, index, message] of noIndex) testRefused(`${what} is refused`, opened(index), message);

testRefused(
  "an index instead of a shard is rejected",
  (folder) => {
    openWeights(writtenParts(folder, { ...good, [second]: good[indexName]! }));
  },
  /00002-of-00002\.safetensors: is a text file, not a weights file/,
);
testRefused(
  "a folder instead of a shard is rejected",
  (folder) => {
    mkdirSync(path.join(folder, second));
    openWeights(writtenParts(folder, { [indexName]: good[indexName]!, [first]: good[first]! }));
  },
  /00002-of-00002\.safetensors: is a folder, not a file; give a regular file/,
);

test("a .safetensors file whose header length starts like JSON is not an index", () =>
  inTemporaryFolder((folder) => {
    const file = path.join(folder, "model.safetensors");
    const header = JSON.stringify({ a: { dtype: "F32", shape: [1], data_offsets: [0, 4] } }).padEnd(0x7b, " ");
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    writeFileSync(file, Buffer.concat([length, Buffer.from(header), new Uint8Array(4)]));
    assert.equal(readFileSync(file)[0], "{".charCodeAt(0));
    assert.deepEqual(openWeights(file).names, ["a"]);
  }));
