import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { neverCancelled, type CancellationToken, type TokenId } from "../../src/core/model.js";
import { chatOf } from "../../src/rwkv/import/chatOf.js";
import { importModel, type ImportedModel, type ImportOptions } from "../../src/rwkv/import/importModel.js";
import { verifyImport } from "../../src/rwkv/import/verifyImport.js";
import { loadModel, loadWeights } from "../../src/rwkv/load.js";
import { sha256Of } from "../../src/rwkv/modelFolder.js";
import { isWeightFormat, type WeightFormat } from "../../src/rwkv/weights/matrices.js";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { logitsAfter, maxDifference } from "../support/numeric.js";
import { fixtures, sharedPlace } from "../support/paths.js";
import { pthFile } from "../support/pthFile.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { floats, tensorsOf, type WrittenTensor } from "../support/tensorFile.js";

const small = openSafetensors(path.join(fixtures, "rwkv/v7-small/model.safetensors"));
const width = 128;

const smallTensors = (): Record<string, WrittenTensor> => tensorsOf(small);

/** The small model over another number of tokens, all of them alike. */
function smallOver(vocabularySize: number): Record<string, WrittenTensor> {
  const table = (): WrittenTensor => ({
    dtype: "BF16",
    shape: [vocabularySize, width],
    bytes: new Uint8Array(new Uint16Array(vocabularySize * width).fill(0x3c00).buffer),
  });
  return { ...smallTensors(), "emb.weight": table(), "head.weight": table() };
}

interface Run {
  readonly cancellation?: CancellationToken;
  readonly onProgress?: (fraction: number) => void;
}

/** Imports into `<folder>/made`. */
function importInto(
  folder: string,
  source: string,
  { cancellation = neverCancelled, onProgress = () => undefined, ...options }: Partial<ImportOptions> & Run = {},
): Promise<ImportedModel> {
  const standard: ImportOptions = {
    folder: path.join(folder, "made"),
    name: "small",
    quantisation: "none",
    chat: "none",
    vocabulary: undefined,
  };
  return importModel(source, { ...standard, ...options }, { cancellation, onProgress });
}

function written(folder: string, tensors = smallTensors(), name = "small.pth"): string {
  const file = path.join(folder, name);
  writeFileSync(file, pthFile(tensors));
  return file;
}

const tokens = [...Buffer.from("let a = b + c;\n")] as TokenId[]; // over bytes each is a token

async function logitsOfModel(folder: string): Promise<Float32Array> {
  const model = await loadModel(folder, { threads: 1, engine: "onnxruntime", weights: await formatOf(folder) });
  const logits = await logitsAfter(model.open(), tokens);
  await model.dispose();
  return logits;
}

async function formatOf(folder: string): Promise<WeightFormat> {
  const { weights } = JSON.parse(readFileSync(path.join(folder, "model.json"), "utf8")) as { weights: string };
  return isWeightFormat(weights) ? weights : "fp32";
}

async function logitsOfWeights(file: string, format: WeightFormat): Promise<Float32Array> {
  const { engine } = await loadWeights(file, format, 1);
  const logits = await logitsAfter(engine.open(), tokens);
  await engine.dispose();
  return logits;
}

for (const [quantisation, format] of [
  ["none", "fp32"],
  ["int8", "int8"],
  ["int4", "int4"],
] as const) {
  test(`a model imported with ${quantisation} gives exactly what its source gives in ${format}`, () =>
    inTemporaryFolder(async (folder) => {
      const source = written(folder);
      const heard: number[] = [];
      const onProgress = (fraction: number): void => {
        heard.push(fraction);
      };
      const { folder: made, dimensions } = await importInto(folder, source, { quantisation, onProgress });
      assert.equal(dimensions.version, 7);
      assert.equal(maxDifference(await logitsOfModel(made), await logitsOfWeights(source, format)), 0);
      assert.deepEqual(readdirSync(folder).sort(), ["made", "small.pth"]);
      assert.deepEqual(
        [...heard].sort((a, b) => a - b),
        heard,
      );
      assert.equal(heard.at(-1), 1);

      const verified = await verifyImport(source, made, neverCancelled);
      assert.ok(verified.kind === "compared");
      assert.equal(verified.tokens, 48);
      assert.ok(verified.maxDifference <= { none: 0, int8: 0.5, int4: 3 }[quantisation], `${verified.maxDifference}`);
      assert.ok(verified.agreeing >= { none: 48, int8: 40, int4: 16 }[quantisation], `${verified.agreeing}`);
    }));
}

test("none keeps every tensor's bytes; int8 quantises the big matrices, keeps the embedding and widens the rest", () =>
  inTemporaryFolder(async (folder) => {
    const source = written(folder);
    await importInto(folder, source);
    const kept = openWeights(path.join(folder, "made/model.safetensors"));
    assert.deepEqual(kept.names, small.names);
    for (const name of small.names) assert.deepEqual(kept.readBytes(name), small.readBytes(name));

    const eight = path.join(folder, "eight");
    await importInto(folder, source, { folder: eight, quantisation: "int8" });
    const quantised = openWeights(path.join(eight, "model.safetensors"));
    assert.equal(quantised.dtype("emb.weight"), small.dtype("emb.weight"));
    assert.equal(quantised.dtype("head.weight"), "I8");
    assert.deepEqual(quantised.shape("head.weight.scale"), [256, width / 32]);
    assert.equal(quantised.dtype("blocks.0.ffn.key.weight"), "I8");
    assert.deepEqual(
      ["blocks.0.att.w1", "blocks.0.ln0.weight", "blocks.1.att.x_r"].map((name) => quantised.dtype(name)),
      ["F32", "F32", "F32"],
    );
    // What is quantised already is copied.
    const again = path.join(folder, "again");
    await importInto(folder, path.join(eight, "model.safetensors"), { folder: again, quantisation: "int8" });
    assert.equal(
      await sha256Of(path.join(again, "model.safetensors")),
      await sha256Of(path.join(eight, "model.safetensors")),
    );
  }));

test("model.json says where the model came from, and how it talks", () =>
  inTemporaryFolder(async (folder) => {
    const source = written(folder);
    await importInto(folder, source, { chat: "g1", name: "G1, my own" });
    const json = JSON.parse(readFileSync(path.join(folder, "made/model.json"), "utf8")) as Record<string, unknown>;
    assert.equal(json["name"], "G1, my own");
    assert.equal(json["chat"], "g1");
    assert.deepEqual(json["source"], { file: "small.pth", sha256: await sha256Of(source) });
    const model = await loadModel(path.join(folder, "made"), { threads: 1, weights: "fp32", engine: "onnxruntime" });
    assert.equal(model.chat, "g1");
    await model.dispose();
  }));

test("how a model talks is guessed from its file's name", () => {
  const names = {
    "RWKV-x070-World-0.1B-v2.8-20241210-ctx4096.pth": "world",
    "rwkv7-g1a-0.1b-20250728-ctx4096.pth": "g1",
    "/models/g1/RWKV-4-Pile-169M-20220807-8023.pth": "none",
    "config1.pth": "none",
    "RWKV-x060-World-1B6-v2.1-20240328-ctx4096.pth": "world",
    "/models/fla-hub/rwkv7-0.4B-g1/model.safetensors": "g1",
    "/models/RWKV/rwkv-5-world-1b5/pytorch_model.bin": "world",
    "/models/world/base.pth": "none",
  };
  for (const [name, chat] of Object.entries(names)) assert.equal(chatOf(name), chat, name);
});

/** Every byte, then two entries of its own. */
const ownVocabulary = [
  ...Array.from({ length: 256 }, (_, byte) => `${byte + 1} b'\\x${byte.toString(16).padStart(2, "0")}' 1`),
  "257 'let ' 4",
  "258 '\\n\\n' 2",
];

test("a vocabulary is copied with LF line ends, and token 0 ends a text where it has none", () =>
  inTemporaryFolder(async (folder) => {
    const vocabulary = path.join(folder, "own.txt");
    writeFileSync(vocabulary, `${ownVocabulary.join("\r\n")}\r\n`);
    await importInto(folder, written(folder, smallOver(300)), { vocabulary });
    const made = path.join(folder, "made");
    assert.equal(readFileSync(path.join(made, "vocab.txt"), "utf8"), `${ownVocabulary.join("\n")}\n`);
    const model = await loadModel(made, { threads: 1, weights: "fp32", engine: "onnxruntime" });
    const { tokenizer, prompt } = model;
    assert.equal(tokenizer.longestMatch(Buffer.from("let x"), 0, 5).token, 257);
    assert.equal(tokenizer.sentinelBytes.size, 0);
    assert.equal(prompt.endOfDocument, 0);
    assert.deepEqual([...tokenizer.bytesOf(0 as TokenId)], []);
    await model.dispose();
  }));

/** What an import that is refused says; nothing is left of it. */
async function refusal(folder: string, source: string, options: Partial<ImportOptions> & Run = {}): Promise<string> {
  const before = readdirSync(folder);
  let message = "";
  await assert.rejects(importInto(folder, source, options), (error: Error) => {
    message = `${error.name} ${error.message}`;
    return true;
  });
  assert.deepEqual(readdirSync(folder), before);
  return message;
}

test("a World model without its vocabulary is refused with what is needed and where it comes from", () =>
  inTemporaryFolder(async (folder) => {
    const source = written(folder, smallOver(65_536));
    assert.match(
      await refusal(folder, source),
      /small\.pth: needs the World vocabulary, rwkv_vocab_v20230424\.txt \(.*RWKV-LM .*package rwkv\); .*--vocabulary FILE/,
    );
    const beside = path.join(folder, "rwkv_vocab_v20230424.txt");
    writeFileSync(beside, ownVocabulary.join("\n"));
    assert.match(await refusal(folder, source), /rwkv_vocab_v20230424\.txt: not the published file; copy it again/);
  }));

test("a model over other tokens needs its vocabulary named, and one that fits", () =>
  inTemporaryFolder(async (folder) => {
    const vocabulary = path.join(folder, "own.txt");
    writeFileSync(vocabulary, ownVocabulary.join("\n"));
    const source = written(folder, smallOver(258));
    assert.match(await refusal(folder, source), /a model of 258 tokens; name its vocabulary/);
    assert.match(await refusal(folder, source, { vocabulary }), /own\.txt:258: id 258 is not among the model's 258/);
    const absent = path.join(folder, "absent.txt");
    assert.match(await refusal(folder, source, { vocabulary: absent }), /absent\.txt: no such file/);
    writeFileSync(vocabulary, ownVocabulary.slice(0, 60).join("\n"));
    assert.match(await refusal(folder, source, { vocabulary }), /own\.txt: has no entry for the byte/);
    const pile = written(folder, smallOver(50_277));
    assert.match(await refusal(folder, pile), /20B_tokenizer\.json, which is not read yet/);
  }));

test("other models, a folder that is there and a place that is not are refused", () =>
  inTemporaryFolder(async (folder) => {
    const experimental = { ...smallTensors(), "blocks.0.att.gate_w1": floats([1], [0]) };
    assert.match(
      await refusal(folder, written(folder, experimental)),
      /an experimental RWKV-6 model \(x060a, b or c\); RWKV-4, 5, 6 and 7 models/,
    );
    const source = written(folder);
    assert.match(await refusal(folder, path.join(folder, "no.pth")), /no\.pth: no such file/);
    assert.match(
      await refusal(folder, source, { folder: path.join(folder, "a/b") }),
      /there is no such folder; make it/,
    );
    mkdirSync(path.join(folder, "made.partial"));
    assert.match(await refusal(folder, source), /made\.partial: another import is under way, or was cut off/);
    mkdirSync(path.join(folder, "made"));
    assert.match(await refusal(folder, source), /made: is there already; remove it, or name another with --out/);
  }));

test("values that are not finite end an import, and leave nothing", () =>
  inTemporaryFolder(async (folder) => {
    const tensors = { ...smallTensors(), "blocks.1.ln1.weight": floats([width], Array<number>(width).fill(NaN)) };
    const source = written(folder, tensors);
    for (const quantisation of ["none", "int8"] as const) {
      assert.match(await refusal(folder, source, { quantisation }), /blocks\.1\.ln1\.weight holds NaN or infinite/);
    }
  }));

test("an import that is cancelled leaves nothing, however far it was", () =>
  inTemporaryFolder(async (folder) => {
    const source = written(folder);
    for (const until of [0, 0.2, 0.5, 0.99, 1]) {
      const cancellation = { isCancellationRequested: until === 0 };
      const onProgress = (fraction: number): void => {
        cancellation.isCancellationRequested = fraction >= until;
      };
      assert.equal(await refusal(folder, source, { cancellation, onProgress }), "Cancelled cancelled");
    }
    await importInto(folder, source);
    assert.ok(existsSync(path.join(folder, "made/model.json")));
  }));

const world = sharedPlace("fixtures/tokenizer-world/rwkv_vocab_v20230424.txt");
test("a World model takes the vocabulary beside it, with either line end", { skip: world.skip }, () =>
  inTemporaryFolder(async (folder) => {
    const source = written(folder, smallOver(65_536));
    const text = readFileSync(world.path, "latin1");
    const published = await sha256Of(world.path);
    for (const [name, lines] of Object.entries({ lf: text, crlf: text.replaceAll("\n", "\r\n") })) {
      writeFileSync(path.join(folder, "rwkv_vocab_v20230424.txt"), lines, "latin1");
      const made = path.join(folder, name);
      await importInto(folder, source, { folder: made });
      assert.equal(await sha256Of(path.join(made, "vocab.txt")), published);
    }
    const model = await loadModel(path.join(folder, "lf"), { threads: 1, weights: "fp32", engine: "onnxruntime" });
    assert.equal(model.tokenizer.vocabularySize, 65_536);
    assert.equal(model.tokenizer.sentinelBytes.size, 0);
    assert.deepEqual([...model.tokenizer.bytesOf(65_535 as TokenId)], []);
    assert.equal(model.prompt.endOfDocument, 0);
    const { header, suffix, middle, endOfMiddle } = model.prompt;
    assert.deepEqual([header, suffix, middle, endOfMiddle], Array(4).fill(undefined));
    await model.dispose();
  }),
);
