import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import net from "node:net";
import path from "node:path";
import test from "node:test";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import { loadModel } from "../../src/rwkv/load.js";
import { ModelError } from "../../src/rwkv/modelError.js";
import { sha256Of } from "../../src/rwkv/sha256.js";
import { readVocabularyFile } from "../../src/rwkv/tokenizers/vocabularyFile.js";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { smallTokenizerJson } from "../support/bpeFile.js";
import { fixtures } from "../support/paths.js";
import { refusedBy } from "../support/refused.js";
import { inTemporaryFolder } from "../support/temporary.js";

const weights = path.join(fixtures, "rwkv/v7-small/model.safetensors");
const timeout = 60_000;

/** Writes a model's folder that has each kind of file. */
async function writeModel(folder: string, kind: "greedy-trie" | "bpe"): Promise<void> {
  copyFileSync(weights, path.join(folder, "model.safetensors"));
  const bytes = Array.from({ length: 255 }, (_, i) => `${i} b'\\x${i.toString(16).padStart(2, "0")}' 1\n`).join("");
  writeFileSync(path.join(folder, "vocab.txt"), `${bytes}255 b'\\xff' 1\n`);
  writeFileSync(path.join(folder, "tokenizer.json"), JSON.stringify(smallTokenizerJson()));
  copyFileSync("models/default/calibration.json", path.join(folder, "calibration.json"));
  const file = kind === "bpe" ? "tokenizer.json" : "vocab.txt";
  const files: Record<string, { sha256: string }> = {};
  for (const name of ["model.safetensors", file, "calibration.json"]) {
    files[name] = { sha256: await sha256Of(path.join(folder, name)) };
  }
  const json = {
    name: "small",
    architecture: "rwkv7",
    tokenizer: { kind, file },
    document: { prompt: "prefix" },
    calibration: "calibration.json",
    licence: "made for a test",
    files,
    weights: "fp32",
  };
  writeFileSync(path.join(folder, "model.json"), JSON.stringify(json));
}

const load = (folder: string) => loadModel(folder, { threads: 1, engine: "onnxruntime" });
const kindOf = (name: string) => (name === "tokenizer.json" ? "bpe" : "greedy-trie");
const names = ["model.json", "model.safetensors", "vocab.txt", "tokenizer.json", "calibration.json"];

/**
 * Loads a model from a folder with one bad file.
 * @throws ModelError. A bad calibration causes only a note, so a ModelError with the text of the note is thrown.
 */
async function loadWithBad(name: string, folder: string): Promise<void> {
  const model = await load(folder);
  await model.dispose();
  if (name !== "calibration.json") return;
  const [note = ""] = model.notes;
  const file = path.join(folder, name);
  throw new ModelError(file, note.replace(`${file}: `, "").replace(/\. The model is used without it.*$/, ""));
}

/** By name, functions that put something other than a regular file in place of a file. */
const others: Readonly<Record<string, (file: string) => unknown>> = {
  "a folder": (file) => {
    mkdirSync(file);
  },
  "a link to a folder": (file) => {
    symlinkSync(".", file);
  },
  "a named pipe": (file) => spawnSync("mkfifo", [file]),
  "a link to a named pipe": (file) => {
    spawnSync("mkfifo", [`${file}.pipe`]);
    symlinkSync(`${file}.pipe`, file);
  },
  "a link to /dev/zero": (file) => {
    symlinkSync("/dev/zero", file);
  },
  "a socket": (file) =>
    new Promise<void>((resolve) => {
      const server = net.createServer().listen(file, resolve);
      server.unref();
    }),
};

const skip = process.platform === "win32" && "no such files on Windows";
for (const [what, make] of Object.entries(others)) {
  test(`${what} instead of any file of a model is rejected at once`, { skip, timeout }, () =>
    inTemporaryFolder(async (folder) => {
      for (const name of names) {
        const model = path.join(folder, name);
        mkdirSync(model);
        await writeModel(model, kindOf(name));
        rmSync(path.join(model, name));
        await make(path.join(model, name));
        await assert.rejects(
          loadWithBad(name, model),
          refusedBy(path.join(model, name), /, not a file; give a regular file/),
          name,
        );
      }
    }),
  );
}

test("links to regular files are followed", { skip }, () =>
  inTemporaryFolder(async (folder) => {
    const model = path.join(folder, "model");
    mkdirSync(model);
    await writeModel(model, "greedy-trie");
    for (const name of ["model.json", "model.safetensors", "vocab.txt", "calibration.json"]) {
      renameSync(path.join(model, name), path.join(folder, name));
      symlinkSync(path.join(folder, name), path.join(model, name));
    }
    await (await load(model)).dispose();
  }),
);

test("a file larger than any model needs is rejected before it is read", { timeout }, () =>
  inTemporaryFolder(async (folder) => {
    for (const name of names.filter((one) => one !== "model.safetensors")) {
      const model = path.join(folder, name);
      mkdirSync(model);
      await writeModel(model, kindOf(name));
      const file = path.join(model, name);
      truncateSync(file, 17 * 2 ** 20);
      if (name !== "model.json") rehash(model, name);
      await assert.rejects(loadWithBad(name, model), refusedBy(file, /has \d+ bytes; .* has at most \d+$/), name);
    }
  }),
);

/** Updates a file's hash in model.json. */
function rehash(model: string, name: string): void {
  const file = path.join(model, "model.json");
  const json = JSON.parse(readFileSync(file, "utf8")) as { files: Record<string, { sha256: string }> };
  const sha256 = createHash("sha256")
    .update(readFileSync(path.join(model, name)))
    .digest("hex");
  writeFileSync(file, JSON.stringify({ ...json, files: { ...json.files, [name]: { sha256 } } }));
}

test("a safetensors header that is JSON but no object is rejected", () =>
  inTemporaryFolder((folder) => {
    const file = path.join(folder, "model.safetensors");
    for (const header of ["null", "[]", "7", '"a"']) {
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(header.length));
      writeFileSync(file, Buffer.concat([length, Buffer.from(header)]));
      assert.throws(() => openSafetensors(file), refusedBy(file, /not a safetensors file; give/), header);
    }
  }));

test("a safetensors header of 16 MiB with tensors of eight dimensions is read, and no longer one", () =>
  inTemporaryFolder((folder) => {
    const file = path.join(folder, "model.safetensors");
    const header = JSON.stringify({ a: { dtype: "F32", shape: Array(8).fill(1), data_offsets: [0, 4] } });
    for (const [bytes, isRead] of [
      [2 ** 24, true],
      [2 ** 24 + 1, false],
    ] as const) {
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(bytes));
      writeFileSync(file, Buffer.concat([length, Buffer.from(header.padEnd(bytes)), Buffer.alloc(4)]));
      if (isRead) assert.equal(openSafetensors(file).shape("a").length, 8);
      else assert.throws(() => openSafetensors(file), refusedBy(file, /not a safetensors file; give/));
    }
  }));

test("a safetensors header that is too large or has too many dimensions is rejected", () =>
  inTemporaryFolder((folder) => {
    const file = path.join(folder, "model.safetensors");
    const open = () => openWeights(file);
    const withHeader = (header: string): void => {
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(header.length));
      writeFileSync(file, Buffer.concat([length, Buffer.from(header), Buffer.alloc(8)]));
    };
    withHeader(`{}${" ".repeat(17 * 2 ** 20)}`);
    assert.throws(open, refusedBy(file, /not a safetensors file; give/));
    const deep = { a: { dtype: "F32", shape: Array(9).fill(1), data_offsets: [0, 4] } };
    withHeader(JSON.stringify(deep));
    assert.throws(open, refusedBy(file, /tensor a has 9 dimensions/));
  }));

test("100,000 blocks, and blocks with impossible numbers, are rejected by name", () =>
  inTemporaryFolder((folder) => {
    const file = path.join(folder, "model.safetensors");
    const entry = { dtype: "F32", shape: [1], data_offsets: [0, 4] };
    for (const blocks of [Array.from({ length: 100_000 }, (_, i) => i), [1e6], ["9".repeat(400)], ["constructor"]]) {
      const header: unknown = Object.fromEntries([
        ["blocks.0.att.time_first", entry],
        ...blocks.map((block, i) => [`blocks.${block}.x`, { ...entry, data_offsets: [4 * i + 4, 4 * i + 8] }] as const),
      ]);
      const json = Buffer.from(JSON.stringify(header));
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(json.length));
      writeFileSync(file, Buffer.concat([length, json, Buffer.alloc(4 * blocks.length + 4)]));
      assert.throws(() => detectDimensions(openWeights(file)), refusedBy(file, /has no tensor emb\.weight/));
    }
  }));

test("a vocabulary entry longer than any published one is rejected with its line", () =>
  inTemporaryFolder((folder) => {
    const file = path.join(folder, "vocab.txt");
    // The length of a line is checked before its literal is parsed.
    for (const [length, message] of [
      [1025, /the literal has 1025 bytes, not at most 1024/],
      [5000, /has 5009 characters; an entry has at most 1024 bytes/],
      [8_000_000, /has 8000012 characters; an entry has at most 1024 bytes/],
    ] as const) {
      writeFileSync(file, `0 'a' 1\n1 '${"b".repeat(length)}' ${length}\n`);
      assert.throws(() => readVocabularyFile(file, 256), refusedBy(`${file}:2`, message));
    }
    writeFileSync(file, `0 '${"\\x61".repeat(1024)}' 1024\n`);
    assert.equal(readVocabularyFile(file, 256)[0]?.bytes.length, 1024);
  }));
