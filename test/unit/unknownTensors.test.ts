import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { type TokenId } from "../../src/core/model.js";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import { verifyImport } from "../../src/rwkv/import/verifyImport.js";
import { loadWeights } from "../../src/rwkv/load.js";
import { findAddon } from "../../src/rwkv/native/addon.js";
import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";
import { checkAllKnown } from "../../src/rwkv/otherModels.js";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { importInto, small, smallTensors, width } from "../support/importing.js";
import { logitsAfter, maxDifference } from "../support/numeric.js";
import { flaTensors, transformersTensors } from "../support/namingSchemes.js";
import { fixtures } from "../support/paths.js";
import { shardFiles, writtenParts } from "../support/shardFiles.js";
import { pthFile } from "../support/pthFile.js";
import { refusedBy } from "../support/refused.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { floats, tensorFile, tensorsOf, type WrittenTensor } from "../support/tensorFile.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

type Tensors = Readonly<Record<string, WrittenTensor>>;

const versions = ["v4-small", "v5.2-small", "v6-small", "v7-small"];
const fixture = (name: string) => openSafetensors(path.join(fixtures, "rwkv", name, "model.safetensors"));
const some = floats([4], [1, 2, 3, 4]);

/** Writes a model file with these tensors and passes its path to `read`. */
async function opened(tensors: Tensors, read: (file: string) => Promise<void> | void): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "model.safetensors");
    writeFileSync(file, tensorFile(tensors));
    await read(file);
  });
}

const merge = /unmerged adapter weights; merge them into the model first/;
const additions: readonly (readonly [string, RegExp])[] = [
  ["blocks.0.att.receptance.lora_A", merge],
  ["blocks.1.ffn.key.lora_B", merge],
  ["blocks.0.att.key.lora_A.default.weight", merge],
  ["base_model.model.blocks.0.att.key.lora_magnitude_vector.default.weight", merge],
  ["blocks.0.att.receptance.bone", merge],
  ["blocks.0.att.receptance.disha", merge],
  ["blocks.0.att.receptance.bias", /which RWKV-\S+ does not have: it is a bias that no published model has/],
  ["head.bias", /a bias/],
  ["head_q.weight", /it belongs to a copy mechanism/],
  ["head_k.weight", /a copy mechanism/],
  ["pos_emb_x", /a position embedding/],
  ["pos_emb_y", /a position embedding/],
  ["blocks.0.att.time_unknown", /it would be ignored; give the model as it was published/],
  ["blocks.2x.att.key.weight", /it would be ignored/],
  ["blocks.0.att.key.weight.scale", /it would be ignored/], // scales of a matrix that is not quantized
  ["emb.weight.scale", /it would be ignored/],
  ["anything", /it would be ignored/],
  ["constructor", /it would be ignored/],
  ["__proto__", /it would be ignored/],
];

for (const version of versions) {
  test(`a complete ${version} with any unknown tensor is rejected by the tensor's name`, async () => {
    const whole = tensorsOf(fixture(version));
    for (const [name, message] of additions) {
      const tensors: Record<string, WrittenTensor> = { ...whole };
      Object.defineProperty(tensors, name, { value: some, enumerable: true });
      await opened(tensors, (file) => {
        const plain = name.replace(/^base_model\.model\./, "");
        assert.throws(
          () => detectDimensions(openWeights(file)),
          (error: Error) => {
            assert.ok(error.message.includes(`: contains ${plain}`), error.message);
            return refusedBy(file, message)(error);
          },
        );
      });
    }
  });
}

const matrix = "blocks.0.att.key.weight";
for (const [claim, tensors, known, message] of [
  ["a quantized matrix has a scale", { [matrix]: "I8", [`${matrix}.scale`]: "F32" }, [matrix], undefined],
  ["a quantized matrix of 4 bits has a scale", { [matrix]: "U8", [`${matrix}.scale`]: "F32" }, [matrix], undefined],
  ["a matrix in BF16 has no scale", { [matrix]: "BF16", [`${matrix}.scale`]: "F32" }, [matrix], /contains \S+\.scale,/],
  ["a matrix that is missing has no scale", { [`${matrix}.scale`]: "F32" }, [matrix], /contains \S+\.scale,/],
  [
    "a vector has no scale",
    { "blocks.0.ln1.weight": "I8", "blocks.0.ln1.weight.scale": "F32" },
    ["blocks.0.ln1.weight"],
    /contains \S+\.scale,/,
  ],
  [
    "an unknown matrix has no scale",
    { [matrix]: "I8", [`${matrix}.scale`]: "F32" },
    [],
    /key\.weight and 1 more tensors,/,
  ],
  [
    "a name of the same length is not that of a scale",
    { [matrix]: "I8", [`${matrix}_scale`]: "F32" },
    [matrix],
    /contains \S+_scale,/,
  ],
] as const satisfies readonly (readonly [string, Record<string, string>, readonly string[], RegExp | undefined])[]) {
  test(`among known tensors, ${claim}`, () => {
    const types = new Map<string, string>(Object.entries(tensors));
    const source = {
      path: "/model.safetensors",
      names: [...types.keys()],
      has: (name: string) => types.has(name),
      dtype: (name: string) => types.get(name),
    } as unknown as TensorSource; // only these members are used
    const check = (): void => {
      checkAllKnown(source, "RWKV-7", (name) => known.some((one) => one === name));
    };
    if (message === undefined) check();
    else assert.throws(check, refusedBy(source.path, message));
  });
}

test("the number of further tensors is reported; adapters are recognized alone and around a model's matrices", async () => {
  const adapters = {
    "blocks.0.att.key.lora_A": some,
    "blocks.0.att.key.lora_B": some,
    "blocks.1.att.key.lora_A": some,
  };
  const { "blocks.0.att.key.weight": key, ...others } = smallTensors();
  const wrapped = { ...others, "blocks.0.att.key.base_layer.weight": key! };
  for (const tensors of [adapters, { ...smallTensors(), ...adapters }, { ...wrapped, ...adapters }]) {
    await opened(tensors, (file) => {
      assert.throws(
        () => detectDimensions(openWeights(file)),
        refusedBy(file, /lora_A and 2 more tensors|base_layer\.weight and 3 more/),
      );
    });
  }
});

const prefixes = [
  "module.",
  "_forward_module.",
  "_orig_mod.",
  "base_model.model.",
  "model.",
  "_fsdp_wrapped_module.",
  "module.module.",
  "_forward_module.model.",
  "_forward_module._orig_mod.",
  "base_model.model._orig_mod.module.",
];

function prefixed(tensors: Tensors, prefix: string): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
}

test("prefixes of wrappers are removed from names of any scheme, in one file or in shards", async () => {
  const kinds = [smallTensors(), flaTensors(small), transformersTensors(fixture("v4-small"))];
  for (const [kind, tensors] of kinds.entries()) {
    const version = kind === 2 ? fixture("v4-small") : small;
    for (const prefix of prefixes) {
      await inTemporaryFolder((folder) => {
        const files = { safetensors: tensorFile, pth: pthFile };
        for (const [ending, write] of Object.entries(files)) {
          const file = path.join(folder, `model.${ending}`);
          writeFileSync(file, write(prefixed(tensors, prefix)));
          assert.deepEqual(detectDimensions(openWeights(file)), detectDimensions(version), prefix);
          const name = "blocks.1.att.key.weight";
          assert.ok(Buffer.from(openWeights(file).readBytes(name)).equals(version.readBytes(name)));
        }
        const index = writtenParts(folder, shardFiles(prefixed(tensors, prefix), 2));
        assert.deepEqual(detectDimensions(openWeights(index)), detectDimensions(version), prefix);
      });
    }
  }
});

test("wrappers of parts of a model are removed too", () => {
  const within = Object.entries(smallTensors()).map(([name, tensor]): [string, WrittenTensor] => {
    return [name.replace(/^blocks\.(\d)\.(att|ffn)/, "blocks.$1._checkpoint_wrapped_module.$2._orig_mod"), tensor];
  });
  return opened(Object.fromEntries(within), (file) => {
    assert.deepEqual(detectDimensions(openWeights(file)), detectDimensions(small));
  });
});

test("names that differ only in their prefixes are rejected", () =>
  opened({ ...smallTensors(), "module.emb.weight": smallTensors()["emb.weight"]! }, (file) => {
    assert.throws(() => openWeights(file), refusedBy(file, /emb\.weight and module\.emb\.weight are the same tensor/));
  }));

const tokens = [...Buffer.from("let a = b + c;\n")] as TokenId[]; // each byte is a token

async function logitsOf(file: string): Promise<Float32Array> {
  const { engine } = await loadWeights(file, "fp32", 1);
  const logits = await logitsAfter(engine.open(), tokens);
  await engine.dispose();
  return logits;
}

for (const [kind, tensors] of [
  ["BlinkDL's names", smallTensors()],
  ["Hugging Face's names", flaTensors(small)],
] as const) {
  test(`a head that config.json ties is the embedding (${kind}); otherwise the error mentions it`, () =>
    inTemporaryFolder(async (folder) => {
      const embedding = tensors["emb.weight"] ?? tensors["model.embeddings.weight"]!;
      const twice = path.join(folder, "twice.safetensors");
      writeFileSync(twice, tensorFile({ ...smallTensors(), "head.weight": embedding }));
      const untied = Object.entries(tensors).filter(([name]) => !name.endsWith("head.weight"));
      const file = path.join(folder, "model.safetensors");
      writeFileSync(file, tensorFile(Object.fromEntries(untied)));
      const config = path.join(folder, "config.json");
      for (const values of [undefined, {}, { tie_word_embeddings: false }, { tie_word_embeddings: "true" }]) {
        if (values !== undefined) writeFileSync(config, JSON.stringify(values));
        assert.throws(
          () => detectDimensions(openWeights(file)),
          refusedBy(file, /has no tensor head\.weight; if its head is tied .* put its config\.json with "tie_word_emb/),
        );
      }
      writeFileSync(config, JSON.stringify({ tie_word_embeddings: true }));
      // Within a tolerance, because onnxruntime may use different chunk sizes for the two models.
      assert.ok(maxDifference(await logitsOf(file), await logitsOf(twice)) <= 1e-4);
      for (const quantization of ["none", "int8"] as const) {
        const made = path.join(folder, quantization);
        await importInto(folder, file, { folder: made, quantization });
        const verification = await verifyImport(file, made, neverCancelled);
        assert.ok(verification.kind === "compared" && verification.maxDifference < 1, JSON.stringify(verification));
        const head = quantization === "int8" ? "I8" : "BF16";
        assert.equal(openSafetensors(path.join(made, "model.safetensors")).dtype("head.weight"), head);
      }
    }));
}

const empty: WrittenTensor = { dtype: "F32", shape: [0], bytes: new Uint8Array() };
for (const engine of ["native", "onnxruntime"] as const) {
  const skip = engine === "native" && findAddon() === undefined && "the native engine is not built";
  test(`additional empty tensors are ignored by ${engine} and by an import`, { skip }, () =>
    inTemporaryFolder(async (folder) => {
      const file = path.join(folder, "model.safetensors");
      const extra = { "blocks.0.att.key.lora_A": empty, pos_emb_x: { ...empty, shape: [3, 0] } };
      writeFileSync(file, tensorFile({ ...smallTensors(), ...extra }));
      const { engine: made } = await loadWeights(file, "fp32", 1, engine);
      const plain = await loadWeights(path.join(fixtures, "rwkv/v7-small/model.safetensors"), "fp32", 1, engine);
      const difference = maxDifference(
        await logitsAfter(made.open(), tokens),
        await logitsAfter(plain.engine.open(), tokens),
      );
      assert.ok(difference <= 1e-4, `${difference}`);
      for (const one of [made, plain.engine]) await one.dispose();
      await importInto(folder, file, { folder: path.join(folder, "made") });
      const names = openSafetensors(path.join(folder, "made/model.safetensors")).names;
      assert.deepEqual([...names].sort(), [...small.names].sort());
    }),
  );
}

test("an empty tensor of an unsupported type is ignored too, in .safetensors and .pth files", () =>
  inTemporaryFolder((folder) => {
    const header = tensorFile({ ...smallTensors(), step: empty });
    const longs = Buffer.from(
      header.toString("latin1").replace('"step":{"dtype":"F32"', '"step":{"dtype":"I64"'),
      "latin1",
    );
    const chars = pthFile({ ...smallTensors(), step: { ...empty, dtype: "I8" } });
    for (const [name, bytes] of Object.entries({ "model.safetensors": longs, "model.pth": chars })) {
      const file = path.join(folder, name);
      writeFileSync(file, bytes);
      assert.deepEqual([...openWeights(file).names].sort(), [...small.names].sort());
    }
  }));

test("for a file with only empty tensors, the error explains the cause", () => {
  const emptied = Object.fromEntries(Object.keys(smallTensors()).map((name) => [name, empty]));
  return opened(emptied, (file) => {
    assert.throws(() => openWeights(file), refusedBy(file, /all of its tensors are empty; .* zero_to_fp32\.py/));
  });
});

test("an empty tensor counts as missing if it is required", () =>
  opened({ ...smallTensors(), "blocks.1.ln1.weight": { ...empty, shape: [0, width] } }, (file) => {
    assert.throws(() => detectDimensions(openWeights(file)), refusedBy(file, /has no tensor blocks\.1\.ln1\.weight/));
  }));

test("the unused tensors of block 0 are known", () =>
  inTemporaryFolder((folder) => {
    mkdirSync(path.join(folder, "x"));
    const file = path.join(folder, "x/model.safetensors");
    const unread = Object.fromEntries(["v0", "v1", "v2"].map((name) => [`blocks.0.att.${name}`, some]));
    writeFileSync(file, tensorFile({ ...smallTensors(), ...unread }));
    assert.equal(detectDimensions(openWeights(file)).version, 7);
  }));
