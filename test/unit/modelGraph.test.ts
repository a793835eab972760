import assert from "node:assert/strict";
import { statSync, symlinkSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type { TokenId } from "../../src/core/model.js";
import { detectDimensions, type Dimensions } from "../../src/rwkv/architecture.js";
import { loadWeights } from "../../src/rwkv/load.js";
import { buildModelGraph } from "../../src/rwkv/ort/modelGraph.js";
import { ModelWriter } from "../../src/rwkv/ort/modelWriter.js";
import type { OnnxTensor } from "../../src/rwkv/ort/onnx.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { joinedSource, type TensorSource } from "../../src/rwkv/weights/tensorSource.js";
import { logitsAfter } from "../support/numeric.js";
import { root } from "../support/paths.js";
import { inTemporaryFolder } from "../support/temporary.js";

const file = path.join(root, "models/default/model.safetensors");

test("weights that have the graph's layout in their file stay external", () => {
  const source = openSafetensors(file);
  const elsewhere = joinedSource(file, new Map(source.names.map((name) => [name, source])));
  const bytesOf = (of: TensorSource, format: "fp32" | "int8"): number =>
    buildModelGraph(of, detectDimensions(source), format).bytes.length;
  const all = statSync(file).size;
  const inGraph = bytesOf(source, "int8");
  assert.ok(inGraph < 0.3 * all, `${inGraph} of ${all} bytes`); // only scales and low-rank pairs, as floats
  assert.ok(bytesOf(elsewhere, "int8") > 0.95 * all);
  assert.ok(bytesOf(source, "fp32") > 2 * all, "the file has them in 8 bits");
});

test("a graph of more bytes than onnxruntime allows, 2 GiB less one, is refused", () => {
  const one = { names: ["emb.weight"], path: "/m", shape: () => [2, 2 ** 28], dtype: () => "F32" };
  assert.throws(
    () => buildModelGraph(one as unknown as TensorSource, {} as Dimensions, "fp32"), // no other member is read
    /\/m: takes 2\.0 GiB in fp32, but onnxruntime's limit is 2 GiB; use int8 weights/,
  );
});

test("weights that are not in a file are completely contained in the graph", () => {
  const source = openSafetensors(file);
  const random = joinedSource("random", new Map(source.names.map((name) => [name, source])));
  assert.equal(buildModelGraph(random, detectDimensions(source), "int8").folder, undefined);
  assert.equal(buildModelGraph(source, detectDimensions(source), "int8").folder, path.dirname(file));
});

test("weights that are a symbolic link are run", () =>
  inTemporaryFolder(async (folder) => {
    const link = path.join(folder, "link.safetensors");
    symlinkSync(file, link);
    const [linked, own] = await Promise.all(
      [link, file].map(async (weights) => {
        const { engine } = await loadWeights(weights, "int8", 1);
        const logits = await logitsAfter(engine.open(), [1, 2, 3] as TokenId[]);
        await engine.dispose();
        return logits;
      }),
    );
    assert.deepEqual(linked, own);
  }));

test("the serialized model does not depend on the writer's initial memory", () => {
  const tensors: OnnxTensor[] = [10, 3_000_000, 1].map((length, i) => ({
    name: `t${i}`,
    type: "uint8",
    shape: [length],
    data: new Uint8Array(length).fill(i + 1),
  }));
  const graph = { nodes: [], inputs: [{ name: "x", type: "float", shape: ["T", 4] }], outputs: [] } as const;
  const [small, large] = [0, 2 ** 23].map((bytes) => {
    const writer = new ModelWriter(bytes);
    for (const tensor of tensors) writer.tensor(tensor);
    return Buffer.from(writer.finish(graph));
  });
  assert.ok(small!.equals(large!));
});
