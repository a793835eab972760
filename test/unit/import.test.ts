import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { type TokenId } from "../../src/core/model.js";
import { chatFormatFromName } from "../../src/rwkv/import/chatFormatFromName.js";
import { verifyImport } from "../../src/rwkv/import/verifyImport.js";
import { loadModel, loadWeights } from "../../src/rwkv/load.js";
import { sha256Of } from "../../src/rwkv/sha256.js";
import { isWeightFormat, type WeightFormat } from "../../src/rwkv/weights/matrices.js";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import { importInto, refusal, small, smallTensors, width, written } from "../support/importing.js";
import { logitsAfter, maxDifference } from "../support/numeric.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { floats } from "../support/tensorFile.js";
import { Cancelled, neverCancelled } from "../../src/shared/cancellation.js";

const tokens = [...Buffer.from("let a = b + c;\n")] as TokenId[]; // each byte is a token

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

for (const [quantization, format] of [
  ["none", "fp32"],
  ["int8", "int8"],
  ["int4", "int4"],
] as const) {
  test(`a model imported with ${quantization} gives the same results as its source in ${format}`, () =>
    inTemporaryFolder(async (folder) => {
      const source = written(folder);
      const heard: number[] = [];
      const onProgress = (fraction: number): void => {
        heard.push(fraction);
      };
      const { folder: made, dimensions } = await importInto(folder, source, { quantization, onProgress });
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
      assert.ok(verified.maxDifference <= { none: 0, int8: 0.5, int4: 3 }[quantization], `${verified.maxDifference}`);
      assert.ok(verified.agreeing >= { none: 48, int8: 40, int4: 16 }[quantization], `${verified.agreeing}`);
    }));
}

test("none keeps all bytes; int8 quantizes the large matrices, keeps embedding and low-rank pairs, and converts the others to fp32", () =>
  inTemporaryFolder(async (folder) => {
    const source = written(folder);
    await importInto(folder, source);
    const kept = openWeights(path.join(folder, "made/model.safetensors"));
    assert.deepEqual(kept.names, small.names);
    for (const name of small.names) assert.deepEqual(kept.readBytes(name), small.readBytes(name));

    const eight = path.join(folder, "eight");
    await importInto(folder, source, { folder: eight, quantization: "int8" });
    const quantized = openWeights(path.join(eight, "model.safetensors"));
    assert.equal(quantized.dtype("emb.weight"), small.dtype("emb.weight"));
    assert.equal(quantized.dtype("head.weight"), "I8");
    assert.deepEqual(quantized.shape("head.weight.scale"), [256, width / 32]);
    assert.equal(quantized.dtype("blocks.0.ffn.key.weight"), "I8");
    assert.deepEqual(
      ["blocks.0.att.w1", "blocks.0.ln0.weight", "blocks.1.att.x_r"].map((name) => quantized.dtype(name)),
      ["BF16", "F32", "F32"],
    );
    // Importing a model that is already quantized copies its tensors.
    const again = path.join(folder, "again");
    await importInto(folder, path.join(eight, "model.safetensors"), { folder: again, quantization: "int8" });
    assert.equal(
      await sha256Of(path.join(again, "model.safetensors")),
      await sha256Of(path.join(eight, "model.safetensors")),
    );
  }));

test("model.json names the model's source and its chat template", () =>
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

test("the chat template is guessed from the file's name", () => {
  const names = {
    "RWKV-x070-World-0.1B-v2.8-20241210-ctx4096.pth": "world",
    "rwkv7-g1a-0.1b-20250728-ctx4096.pth": "g1",
    "/models/g1/RWKV-4-Pile-169M-20220807-8023.pth": "none",
    "config1.pth": "none",
    "RWKV-x060-World-1B6-v2.1-20240328-ctx4096.pth": "world",
    "/models/fla-hub/rwkv7-0.4B-g1/model.safetensors": "g1",
    "/models/RWKV/rwkv-5-world-1b5/pytorch_model.bin": "world",
    "/models/fla-hub/rwkv7-2.9B-g1/model.safetensors.index.json": "g1",
    "/models/world/base.pth": "none",
  };
  for (const [name, chat] of Object.entries(names)) assert.equal(chatFormatFromName(name), chat, name);
});

test("other models, an existing folder and a missing parent are rejected", () =>
  inTemporaryFolder(async (folder) => {
    const experimental = { ...smallTensors(), "blocks.0.att.gate_w1": floats([1], [0]) };
    assert.match(
      await refusal(folder, written(folder, experimental)),
      /is an experimental RWKV-6 model \(x060a, b or c\); RWKV-4, 5, 6 and 7 are supported/,
    );
    const source = written(folder);
    assert.match(await refusal(folder, path.join(folder, "no.pth")), /no\.pth: no such file/);
    assert.match(await refusal(folder, source, { folder: path.join(folder, "a/b") }), /no such folder; create it/);
    mkdirSync(path.join(folder, "made"));
    assert.match(await refusal(folder, source), /made: exists already; remove it, or choose another folder with --out/);
  }));

test("the remains of a killed import block no other import and are removed; a running import is left alone", () =>
  inTemporaryFolder(async (folder) => {
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    const others = [`made.${process.ppid}-1.partial`, "made.partial", "made.x.partial", `other.${gone}-1.partial`];
    for (const name of [`made.${gone}-1.partial`, `made.${gone}-12.partial`, ...others]) {
      mkdirSync(path.join(folder, name));
      writeFileSync(path.join(folder, name, "model.safetensors"), "half");
    }
    const source = written(folder);
    await importInto(folder, source);
    assert.deepEqual(readdirSync(folder).sort(), ["made", "small.pth", ...others].sort());
  }));

test("of two concurrent imports with the same name, the later one is rejected, and neither touches the other's files", () =>
  inTemporaryFolder(async (folder) => {
    const source = written(folder);
    const [first, second] = await Promise.allSettled([importInto(folder, source), importInto(folder, source)]);
    const refused = [first, second].filter((one) => one.status === "rejected").map(({ reason }) => `${reason}`);
    assert.equal(refused.length, 1);
    assert.match(refused[0]!, /made: exists already; remove it, or choose another folder with --out DIR/);
    assert.deepEqual(readdirSync(folder).sort(), ["made", "small.pth"]);
    await (await loadModel(path.join(folder, "made"), { threads: 1, engine: "onnxruntime" })).dispose();
  }));

test("values that are not finite end an import and leave no files", () =>
  inTemporaryFolder(async (folder) => {
    const tensors = { ...smallTensors(), "blocks.1.ln1.weight": floats([width], Array<number>(width).fill(NaN)) };
    const source = written(folder, tensors);
    for (const quantization of ["none", "int8"] as const) {
      assert.match(await refusal(folder, source, { quantization }), /blocks\.1\.ln1\.weight holds NaN or infinite/);
    }
  }));

test("a model that cannot be run is not compared, which does not fail the import; a changed file does", () =>
  inTemporaryFolder(async (folder) => {
    const source = written(folder);
    const { folder: made } = await importInto(folder, source);
    written(folder, { ...smallTensors(), "blocks.1.ln1.weight": floats([width], Array<number>(width).fill(NaN)) });
    const verification = await verifyImport(source, made, neverCancelled);
    assert.ok(verification.kind === "failed");
    assert.match(verification.reason, /small\.pth: blocks\.1\.ln1\.weight holds NaN/);
    const cancelled = { isCancellationRequested: true };
    await assert.rejects(verifyImport(written(folder), made, cancelled), Cancelled);
    writeFileSync(path.join(made, "model.safetensors"), "spoilt");
    await assert.rejects(verifyImport(source, made, neverCancelled), /model\.safetensors: is not the file/);
  }));

const knowsContainers = "availableMemory" in process;
test("a model that does not fit into a container's memory is not compared", { skip: !knowsContainers }, (t) =>
  inTemporaryFolder(async (folder) => {
    const source = written(folder);
    const { folder: made } = await importInto(folder, source);
    t.mock.method(process, "availableMemory", () => 1000);
    assert.equal((await verifyImport(source, made, neverCancelled)).kind, "tooLarge");
  }),
);

test("if the source becomes unreadable, the error names the source and not the destination", () =>
  inTemporaryFolder(async (folder) => {
    const source = written(folder);
    let isGone = false;
    const onProgress = (): void => {
      if (isGone) return;
      isGone = true;
      rmSync(source);
      mkdirSync(source);
    };
    assert.match(
      await refusal(folder, source, { onProgress }),
      /^ModelError .*small\.pth: is a folder, not a file; give a regular file/,
    );
  }));

test("a cancelled import leaves no files, however far it had got", () =>
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
