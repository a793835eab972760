import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { describeModel } from "../../src/rwkv/describe.js";
import { loadModel, loadWeights } from "../../src/rwkv/load.js";
import { findAddon } from "../../src/rwkv/native/addon.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { embeddedModel, fixtures } from "../support/paths.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { floats, tensorFile, tensorsOf, type WrittenTensor } from "../support/tensorFile.js";

const small = path.join(fixtures, "rwkv/v7-small/model.safetensors");

/** The tensors of the v7-small model, to be modified. */
function smallTensors(): Record<string, WrittenTensor> {
  return tensorsOf(openSafetensors(small));
}

async function assertRefused(bytes: Uint8Array, message: RegExp): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "model.safetensors");
    writeFileSync(file, bytes);
    await assert.rejects(loadWeights(file, "fp32", 1), (error: Error) => {
      assert.equal(error.name, "ModelError");
      assert.ok(error.message.startsWith(file), error.message);
      assert.match(error.message, message);
      return true;
    });
  });
}

test("a weights file that is missing, empty, cut off or of another kind is rejected by name", async () => {
  await assert.rejects(
    loadWeights("nowhere.safetensors", "fp32", 1),
    /nowhere\.safetensors: no such file or folder; give/,
  );
  await assertRefused(Buffer.alloc(3), /only 3 bytes; the file is damaged/);
  await assertRefused(Buffer.from("GGML".repeat(100)), /is a text file, not a weights file; give the \.safetensors/);
  await assertRefused(Buffer.from("GGUF".repeat(100)), /a big-endian GGUF file; convert the model again/);
  const ggmf = Buffer.from([0x66, 0x6d, 0x67, 0x67, 101, 0, 0, 0, ...new Uint8Array(64)]);
  await assertRefused(
    ggmf,
    /is an rwkv\.cpp file \(ggmf\), which is not supported; give the published \.pth file or a \.gguf/,
  );
  await assertRefused(Buffer.from("PK\u0003\u0004".repeat(100)), /ends without a zip directory; .*download it/);
  const whole = readFileSync(small);
  await assertRefused(whole.subarray(0, 500), /ends within its header; .*download it again/);
  await assertRefused(whole.subarray(0, whole.length - 1000), /ends before tensor .*download it again/);
});

test("values that are not finite are rejected with the tensor's name", async () => {
  const tensors = smallTensors();
  tensors["blocks.1.ln1.weight"] = floats([128], new Array<number>(128).fill(NaN));
  await assertRefused(tensorFile(tensors), /blocks\.1\.ln1\.weight holds NaN or infinite values/);
});

test("a damaged file is not reported as a problem of the native engine", { skip: findAddon() === undefined }, () =>
  inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "model.safetensors");
    const bad = { ...smallTensors(), "blocks.1.ln1.weight": floats([128], new Array<number>(128).fill(NaN)) };
    writeFileSync(file, tensorFile(bad));
    await assert.rejects(loadWeights(file, "fp32", 1, "native"), (error: Error) => {
      assert.match(error.message, /blocks\.1\.ln1\.weight holds NaN/);
      assert.doesNotMatch(error.message, /native engine/);
      return true;
    });
  }),
);

test("a missing tensor and a wrong shape are rejected by name", async () => {
  const { "blocks.2.att.key.weight": key, ...without } = smallTensors();
  assert.ok(key);
  await assertRefused(tensorFile(without), /no tensor blocks\.2\.att\.key\.weight/);
  const wrong = { ...smallTensors(), "ln_out.weight": floats([64], new Array<number>(64).fill(1)) };
  await assertRefused(tensorFile(wrong), /ln_out\.weight is \[64\], not \[128\]/);
});

test("other architectures are rejected by name", async () => {
  await assertRefused(
    tensorFile({ "transformer.wte.weight": floats([1], [1]) }),
    /is not an RWKV model; RWKV-4, 5, 6 and 7 are supported/,
  );
  const deep = { ...smallTensors(), "blocks.0.ffn.s_emb.weight": floats([1], [0]) };
  await assertRefused(tensorFile(deep), /is an RWKV-7a or 7b model with DeepEmbed; RWKV-4, 5, 6 and 7 are supported/);
});

test("a header with wrong sizes or overlapping tensors is rejected", async () => {
  const header = (json: object): Buffer => {
    const text = Buffer.from(JSON.stringify(json));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    return Buffer.concat([length, text, Buffer.alloc(64)]);
  };
  const tensor = (begin: number, end: number, shape = [4]) => ({ dtype: "F32", shape, data_offsets: [begin, end] });
  await assertRefused(header({ a: tensor(0, 12) }), /tensor a has 12 bytes, but its shape needs 16/);
  await assertRefused(header({ a: tensor(0, 16), b: tensor(8, 24) }), /tensors a and b overlap/);
  await assertRefused(
    header({ a: { dtype: "F64", shape: [1], data_offsets: [0, 8] } }),
    /tensor a is F64; F32, F16, BF16, I8 and U8/,
  );
  await assertRefused(header({ a: null }), /tensor a has an invalid description/);
  await assertRefused(header({ a: tensor(0, 16, [-2, -2]) }), /tensor a has an invalid description/);
  await assertRefused(header({ a: { dtype: "F32" } }), /tensor a has an invalid description/);
});

const json = JSON.parse(readFileSync(path.join(embeddedModel, "model.json"), "utf8")) as Record<string, unknown>;

/** Loads a copy of the small byte-level model with some fields of its model.json replaced. */
async function loadWith(fields: Record<string, unknown>): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    copyFileSync(small, path.join(folder, "model.safetensors"));
    const sha256 = createHash("sha256").update(readFileSync(small)).digest("hex");
    const good = {
      ...json,
      tokenizer: { kind: "bytes" },
      calibration: undefined,
      files: { "model.safetensors": { sha256 } },
      weights: "fp32",
    };
    writeFileSync(path.join(folder, "model.json"), JSON.stringify({ ...good, ...fields }));
    await (await loadModel(folder, { threads: 1 })).dispose();
  });
}

test("a valid folder of a byte-level model is loaded", async () => {
  for (const chat of [undefined, null, "world", "g1"]) await loadWith({ chat });
  await loadWith({ document: { prompt: "suffix-prefix-middle", sentinels } });
});

const sentinels = { prefix: "✿prefix✿", suffix: "✿suffix✿", middle: "✿middle✿" };
const spoilt: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  [
    "another hash",
    { files: { "model.safetensors": { sha256: "0".repeat(64) } } },
    /model\.safetensors: is not the file that model\.json names .*copy it again/,
  ],
  ["no hash", { files: {} }, /model\.json: names no sha256 for model\.safetensors/],
  ["an invalid hash", { files: { "model.safetensors": { sha256: "abc" } } }, /not 64 lower-case hex digits/],
  ["a path out of the folder", { files: { "../x": { sha256: "0".repeat(64) } } }, /only files of this folder/],
  [
    "another tokenizer",
    { tokenizer: { kind: "sentencepiece" } },
    /"tokenizer\.kind" is sentencepiece; it must be greedy-trie, bpe or bytes/,
  ],
  [
    "another architecture",
    { architecture: "rwkv4" },
    /names the architecture rwkv4, but the tensors are those of RWKV-7/,
  ],
  ["no name", { name: undefined }, /"name" is missing or not a string/],
  [
    "a prompt form without its sentinels",
    { document: { prompt: "prefix-suffix-middle" } },
    /"document\.suffix" and "document\.middle" are required/,
  ],
  [
    "a prompt form without its text sentinels",
    { document: { prompt: "suffix-prefix-middle", suffix: 2, middle: 3 } },
    /"document\.sentinels" is missing or not an object/,
  ],
  [
    "an invalid text sentinel",
    { document: { prompt: "suffix-prefix-middle", sentinels: { ...sentinels, middle: "" } } },
    /"document\.sentinels\.middle" is missing or not a string/,
  ],
  [
    "a text sentinel that some vocabularies cannot spell",
    { document: { prompt: "suffix-prefix-middle", sentinels: { ...sentinels, prefix: "✿\u0001" } } },
    /"document\.sentinels\.prefix" contains control characters/,
  ],
  [
    "text sentinels that begin differently",
    { document: { prompt: "suffix-prefix-middle", sentinels: { ...sentinels, middle: "(middle)" } } },
    /"document\.sentinels" must start with a common character/,
  ],
  [
    "a text sentinel of 65 characters",
    { document: { prompt: "suffix-prefix-middle", sentinels: { ...sentinels, suffix: "✿".repeat(65) } } },
    /"document\.sentinels\.suffix" has 65 characters; at most 64 are allowed/,
  ],
  [
    "an inherited property name as vocabulary",
    { tokenizer: { kind: "greedy-trie", file: "constructor" } },
    /names no sha256 for constructor under "files"/,
  ],
  [
    "an unknown prompt form",
    { document: { prompt: "middle" } },
    /"document\.prompt" must be prefix, prefix-suffix-middle or/,
  ],
  ["an invalid id", { document: { endOfDocument: -1 } }, /"document\.endOfDocument" is not a token id/],
  [
    "a sentinel that is not a token",
    { document: { header: 99_999 } },
    /"document\.header" is 99999, not one of the model's 256/,
  ],
  ["an invalid epsilon", { groupNormEps: 0 }, /"groupNormEps", the epsilon of ln_x, must be/],
  ["an unknown chat template", { chat: "alpaca" }, /"chat" must be world or g1; leave it out/],
  ["another weight format", { weights: "int3" }, /"weights" must be fp32, int8, int4 or auto/],
];
for (const [what, fields, message] of spoilt) {
  test(`a model.json with ${what} is rejected`, async () => {
    await assert.rejects(loadWith(fields), message);
  });
}

test("a folder without model.json and a model.json that is not JSON are rejected", async () => {
  await inTemporaryFolder(async (folder) => {
    await assert.rejects(loadModel(folder, { threads: 1 }), /model\.json: no such file; a model's folder holds/);
    writeFileSync(path.join(folder, "model.json"), "{");
    await assert.rejects(loadModel(folder, { threads: 1 }), /model\.json: is not JSON/);
  });
  await assert.rejects(
    loadModel(small, { threads: 1 }),
    /is a file, not a model's folder; create one with rwkv-code import/,
  );
});

test("a vocabulary file that is missing or damaged is rejected", async () => {
  await inTemporaryFolder(async (folder) => {
    for (const name of ["model.json", "model.safetensors", "calibration.json"])
      copyFileSync(path.join(embeddedModel, name), path.join(folder, name));
    await assert.rejects(
      loadModel(folder, { threads: 1 }),
      /vocab\.txt: cannot be read \(ENOENT\); copy the model's folder again/,
    );
    writeFileSync(path.join(folder, "vocab.txt"), "6 '\\x06' 1\n");
    await assert.rejects(loadModel(folder, { threads: 1 }), /vocab\.txt: is not the file that model\.json names/);
  });
});

test("the embedded model is described without being run", async () => {
  const { dimensions, parameters, stateBytes, tokenizer } = await describeModel(embeddedModel);
  assert.deepEqual(dimensions, {
    version: 7,
    revision: 0,
    layers: 8,
    width: 256,
    heads: 4,
    headSize: 64,
    ffnWidth: 1024,
    vocabularySize: 8192,
    groupNormEps: 64e-5,
  });
  assert.equal(tokenizer, "greedy-trie");
  assert.ok(parameters > 11e6 && parameters < 11.5e6);
  assert.equal(stateBytes, 8 * (2 * 256 + 4 * 64 * 64) * 4);
});
