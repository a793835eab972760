import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { chatFormatFromName } from "../../src/rwkv/import/chatFormatFromName.js";
import { publishedName } from "../../src/rwkv/import/publishedName.js";
import { describeModel } from "../../src/rwkv/describe.js";
import { unreadable } from "../../src/rwkv/regularFile.js";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import { weightsAt } from "../../src/rwkv/weights/weightsAt.js";
import { refusal, smallOver, smallTensors, written } from "../support/importing.js";
import { shardFiles, writtenParts } from "../support/shardFiles.js";
import { pthFile } from "../support/pthFile.js";
import { refusedBy } from "../support/refused.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { tensorFile } from "../support/tensorFile.js";
import { zipFile } from "../support/zipFile.js";

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 382000000\n`;
const tar = Buffer.alloc(10_240);
tar.write("model.pth");
tar.write("ustar\0", 257);

/** A kind of file that users mistake for weights, its bytes, and the error message. */
const others: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ["a Git LFS pointer", Buffer.from(pointer), /: is a Git LFS pointer, not the file itself; run git lfs pull/],
  ["a git-annex pointer", Buffer.from("/annex/objects/SHA256E-s382--00.pth\n"), /: is a git-annex pointer/],
  ["a web page", Buffer.from("<!DOCTYPE html>\n<html><head><title>Hugging Face</title>"), /: is a web page/],
  ["a web page after whitespace", Buffer.from("\uFEFF\n\n  <html lang='en'>"), /: is a web page/],
  [
    "an XML error",
    Buffer.from('<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code>'),
    /: is a web page/,
  ],
  ["a server's message", Buffer.from("Entry not found"), /: is a server's error message/],
  ["a server's message in JSON", Buffer.from('{"error":"Repository not found"}'), /: is a server's JSON message/],
  ["another JSON message", Buffer.from('{\n  "detail": "Not authenticated" }'), /: is a server's JSON message/],
  ["a PDF", Buffer.from("%PDF-1.7\n%\u00e2\u00e3\n1 0 obj"), /: is a PDF document, not a model file/],
  ["zeros", Buffer.alloc(4096), /: starts with zeros.*; download it again/],
  ["a few zeros", Buffer.alloc(40), /: starts with zeros/],
  ["an image", Buffer.from("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR", "latin1"), /: is an image, not a model file/],
  ["a program", Buffer.from("\u007fELF\u0002\u0001\u0001\0........", "latin1"), /: is a program, not a model file/],
  ["a database", Buffer.from("SQLite format 3\0\u0010\0", "latin1"), /: is an SQLite database/],
  ["a text", Buffer.from("# RWKV\n\nThe weights are elsewhere."), /: is a text file, not a weights file; give the/],
  ["gzip", gzipSync(tensorFile(smallTensors())), /: is compressed with gzip; unpack it first/],
  ["a tar archive", tar, /: is a tar archive; unpack it first/],
  ["bzip2", Buffer.from("BZh91AY&SY............"), /: is compressed with bzip2; unpack it first/],
  ["xz", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4, 1, 2, 3, 4]), /: is compressed with xz; unpack it first/],
  ["zstd", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 4, 0, 1, 2, 3, 4]), /: is compressed with zstd; unpack it first/],
  ["a 7z archive", Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4, 1, 2]), /: is a 7z archive; unpack it first/],
  ["a rar archive", Buffer.from("Rar!\u001a\u0007\u0001\0......", "latin1"), /: is a rar archive; unpack it first/],
  ["HDF5", Buffer.from("\u0089HDF\r\n\u001a\n.........", "latin1"), /: is an HDF5 file/],
  ["NumPy", Buffer.from("\u0093NUMPY\u0001\0............", "latin1"), /: is a NumPy array/],
  [
    "a zip archive",
    zipFile([{ name: "readme.txt", bytes: Buffer.from("hello") }]),
    /: is a zip archive, but not one by PyTorch/,
  ],
  ["an empty file", Buffer.alloc(0), /: has only 0 bytes; the file is damaged or incomplete/],
];

for (const [what, bytes, message] of others) {
  test(`${what} instead of weights is recognized whatever its name, as a single file and as a shard`, () =>
    inTemporaryFolder(async (folder) => {
      for (const name of ["model.pth", "model.safetensors", "model.gguf", "model"]) {
        const file = path.join(folder, name);
        writeFileSync(file, bytes);
        assert.throws(() => openWeights(file), refusedBy(file, message));
      }
      const files = shardFiles(smallTensors(), 2);
      const part = "model-00002-of-00002.safetensors";
      const index = writtenParts(folder, { ...files, [part]: bytes });
      assert.throws(() => openWeights(index), refusedBy(path.join(folder, part), message));
      assert.match(await refusal(folder, path.join(folder, "model.pth")), message);
    }));
}

test("a Git LFS pointer or a web page instead of any other file of a model is recognized", () =>
  inTemporaryFolder(async (folder) => {
    const source = written(folder, smallOver(65_536));
    const vocabulary = path.join(folder, "rwkv_vocab_v20230424.txt");
    const index = path.join(folder, "model.safetensors.index.json");
    const model = path.join(folder, "model");
    mkdirSync(model);
    for (const [text, message] of [
      [pointer, /: is a Git LFS pointer/],
      ["<!doctype html><html>", /: is a web page/],
    ] as const) {
      writeFileSync(vocabulary, text);
      assert.match(await refusal(folder, source), message);
      writeFileSync(index, text);
      assert.throws(() => openWeights(index), refusedBy(index, message));
      writeFileSync(path.join(model, "model.json"), text);
      await assert.rejects(describeModel(model), refusedBy(path.join(model, "model.json"), message));
    }
  }));

test("a safetensors header whose length starts with gzip's first bytes is read", () =>
  inTemporaryFolder((folder) => {
    const file = tensorFile(smallTensors());
    const headerBytes = Number(file.readBigUInt64LE());
    const length = 0x0008_8b1f;
    const padded = Buffer.concat([file.subarray(8, 8 + headerBytes), Buffer.alloc(length - headerBytes, " ")]);
    const begin = Buffer.alloc(8);
    begin.writeBigUInt64LE(BigInt(length));
    const place = path.join(folder, "model.safetensors");
    writeFileSync(place, Buffer.concat([begin, padded, file.subarray(8 + headerBytes)]));
    assert.ok(openWeights(place).has("emb.weight"));
  }));

const hash = "0123456789abcdef0123456789abcdef01234567";
test("a model is named after its file, its folder or its repository", () => {
  const names = {
    "/x/RWKV-x070-World-0.1B-v2.8-20241210-ctx4096.pth": "RWKV-x070-World-0.1B-v2.8-20241210-ctx4096",
    "/x/rwkv7-0.4B-g1/model.safetensors": "rwkv7-0.4B-g1",
    "/x/rwkv7-0.4B-g1/model.safetensors.index.json": "rwkv7-0.4B-g1",
    "/x/rwkv7-0.4B-g1/pytorch_model.bin": "rwkv7-0.4B-g1",
    "/x/rwkv7-0.4B-g1/pytorch_model.bin.index.json": "rwkv7-0.4B-g1",
    // The part after the last dot is removed only if it is a known extension.
    "/x/rwkv7-0.1": "rwkv7-0.1",
    "/x/RWKV-v2.8": "RWKV-v2.8",
    "/x/model.v2": "model.v2",
    "/x/rwkv7-g1.SAFETENSORS": "rwkv7-g1",
    "/x/small.st": "small",
    "/x/small.Q8_0.gguf": "small.Q8_0",
    [`/hub/models--fla-hub--rwkv7-0.4B-g1/snapshots/${hash}/model.safetensors`]: "rwkv7-0.4B-g1",
    [`/hub/models--fla-hub--rwkv7-0.4B-g1/snapshots/${hash}/model.safetensors.index.json`]: "rwkv7-0.4B-g1",
    [`/hub/models--fla-hub--rwkv7-0.4B-g1/snapshots/${hash}/fp16/model.safetensors`]: "rwkv7-0.4B-g1",
    [`/hub/models--BlinkDL--rwkv7-g1/snapshots/${hash}/rwkv7-g1a-0.1b-20250728-ctx4096.pth`]:
      "rwkv7-g1a-0.1b-20250728-ctx4096",
    [`/hub/models--RWKV--v5-Eagle-7B/blobs/${hash}`]: "v5-Eagle-7B",
    [`/hub/models--gpt/snapshots/${hash}/model.safetensors`]: "gpt",
  };
  for (const [file, name] of Object.entries(names)) assert.equal(publishedName(file), name, file);
});

test("the chat template of a model in the cache is guessed from the repository's name", () => {
  const of = (repository: string) =>
    chatFormatFromName(`/hub/models--${repository}/snapshots/${hash}/model.safetensors`);
  assert.deepEqual(["fla-hub--rwkv7-0.4B-g1", "RWKV--rwkv-5-world-1b5", "RWKV--base"].map(of), ["g1", "world", "none"]);
});

test("a folder is taken as its only weights file, or as the one with Hugging Face's name", () =>
  inTemporaryFolder(async (folder) => {
    const cases: readonly (readonly [readonly string[], string | RegExp])[] = [
      [["model.safetensors", "config.json", "README.md"], "model.safetensors"],
      [["model.safetensors", "pytorch_model.bin", "other.safetensors"], "model.safetensors"],
      [["pytorch_model.bin", "training_args.bin"], "pytorch_model.bin"],
      [["rwkv7-g1.pth", "README.md"], "rwkv7-g1.pth"],
      [["rwkv7.gguf"], "rwkv7.gguf"],
      [["README.md"], ""],
      [["a.pth", "b.pth"], /: holds 2 weights files; give one of them, for example a\.pth$/],
      [["model.json", "model.safetensors"], ""],
    ];
    for (const [i, [names, expected]] of cases.entries()) {
      const place = path.join(folder, `${i}`);
      mkdirSync(place);
      for (const name of names) writeFileSync(path.join(place, name), "");
      if (typeof expected === "string") assert.equal(weightsAt(place), path.join(place, expected), names.join());
      else assert.throws(() => weightsAt(place), refusedBy(place, expected));
    }
  }));

const onWindows = process.platform === "win32" && "links need a permission on Windows";
test("a path that the system cannot read is reported with the fix", { skip: onWindows }, () =>
  inTemporaryFolder(async (folder) => {
    const loop = path.join(folder, "loop.pth");
    symlinkSync("loop.pth", loop);
    const long = path.join(folder, `${"x".repeat(300)}.pth`);
    const under = path.join(written(folder, smallOver(256)), "model.pth");
    for (const [place, message] of [
      [loop, /: is a link that leads to itself; give the file itself$/],
      [long, /: has a path that is longer than the system allows; /],
      [under, /: a part of its path is not a folder; check the path$/],
    ] as const) {
      assert.throws(() => openWeights(place), refusedBy(place, message));
      await assert.rejects(describeModel(place), refusedBy(place, message));
    }
  }),
);

test("a system error about a file is converted to the problem and the fix", () => {
  const said = (code: string): string => unreadable("a.pth", Object.assign(new Error("raw"), { code })).message;
  for (const code of ["ELOOP", "ENAMETOOLONG", "EACCES", "EPERM", "EISDIR", "ENOTDIR", "EBUSY", "EMFILE", "EIO"]) {
    assert.match(said(code), /^a\.pth: [^;]+; [^;]+$/, code);
    assert.doesNotMatch(said(code), /raw|E[A-Z]{2}/, code);
  }
  assert.equal(said("EWEIRD"), "a.pth: cannot be read (EWEIRD)");
});

const skip = process.platform === "win32" && "links need a permission on Windows";
test("a snapshot in the Hugging Face cache, which consists of links, works like any folder", { skip }, () =>
  inTemporaryFolder(async (folder) => {
    const repository = path.join(folder, "models--owner--rwkv7-tiny-g1");
    const snapshot = path.join(repository, "snapshots", hash);
    mkdirSync(snapshot, { recursive: true });
    mkdirSync(path.join(repository, "blobs"));
    writeFileSync(path.join(repository, "blobs", hash), pthFile(smallTensors()));
    symlinkSync(path.join("../../blobs", hash), path.join(snapshot, "pytorch_model.bin"));
    const { publishedName: name, dimensions } = await describeModel(snapshot, "none");
    assert.deepEqual([name, dimensions.version], ["rwkv7-tiny-g1", 7]);
  }),
);
