import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import { importModel } from "../../src/rwkv/import/importModel.js";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";
import { ggufFile, smallGguf, value } from "../support/ggufFile.js";
import { flaTensors, stackedFlaTensors, transformersTensors, webRwkvTensors } from "../support/namingSchemes.js";
import { fixtures, sharedPlace } from "../support/paths.js";
import { pthFile } from "../support/pthFile.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { floats, tensorFile, type WrittenTensor } from "../support/tensorFile.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

type Tensors = Record<string, WrittenTensor>;

const own = (name: string): TensorSource => openSafetensors(path.join(fixtures, "rwkv", name, "model.safetensors"));

/** Asserts that two sources have the same tensors: names, types, bytes, and shapes apart from dimensions of 1. */
function assertSame(actual: TensorSource, expected: TensorSource): void {
  assert.deepEqual([...actual.names].sort(), [...expected.names].sort());
  const squeezed = (shape: readonly number[]): readonly number[] => shape.filter((length) => length !== 1);
  for (const name of expected.names) {
    assert.equal(actual.dtype(name), expected.dtype(name), name);
    assert.deepEqual(squeezed(actual.shape(name)), squeezed(expected.shape(name)), name);
    assert.ok(Buffer.from(actual.readBytes(name)).equals(expected.readBytes(name)), name);
  }
  assert.deepEqual(detectDimensions(actual), detectDimensions(expected));
}

async function opened(tensors: Tensors, check: (file: string) => Promise<void> | void): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "model.safetensors");
    writeFileSync(file, tensorFile(tensors));
    await check(file);
  });
}

const cases: readonly (readonly [string, TensorSource, (source: TensorSource) => Tensors])[] = [
  ["an RWKV-7 of flash-linear-attention", own("v7-small"), flaTensors],
  ["an older one, with its six μ stacked", own("v7-small"), stackedFlaTensors],
  ["an RWKV-4 of transformers", own("v4-small"), transformersTensors],
  ["an RWKV-5 of Hugging Face", own("v5.2-small"), transformersTensors],
  ["an RWKV-6 of Hugging Face", own("v6-small"), transformersTensors],
  ["an RWKV-4 of web-rwkv", own("v4-small"), webRwkvTensors],
  ["an RWKV-5.2 of web-rwkv", own("v5.2-small"), webRwkvTensors],
  ["an RWKV-6 of web-rwkv", own("v6-small"), webRwkvTensors],
  ["an RWKV-7 of web-rwkv", own("v7-small"), webRwkvTensors],
];

for (const [what, source, rename] of cases) {
  test(`${what} has the tensors that BlinkDL's file has, byte for byte`, () =>
    opened(rename(source), (file) => {
      assertSame(openWeights(file), source);
    }));

  test(`${what} is imported under BlinkDL's names`, () =>
    opened(rename(source), async (file) => {
      const folder = path.join(path.dirname(file), "made");
      const options = { folder, name: "made", quantization: "none", chat: "none", vocabulary: undefined } as const;
      await importModel(file, options, { cancellation: neverCancelled, onProgress: () => undefined });
      assertSame(openSafetensors(path.join(folder, "model.safetensors")), source);
    }));
}

test("naming schemes are recognized in .pth files too", () =>
  inTemporaryFolder((folder) => {
    const file = path.join(folder, "pytorch_model.bin");
    writeFileSync(file, pthFile(transformersTensors(own("v4-small"))));
    assertSame(openWeights(file), own("v4-small"));
  }));

const byHead = sharedPlace("fixtures/rwkv/v5.1-gate-small/model.safetensors");
test("an RWKV-5.1 of web-rwkv, with decays repeated per channel, is run as RWKV-5.2", { skip: byHead.skip }, () => {
  const source = openSafetensors(byHead.path);
  const [heads, size] = [3, 32];
  const tensors = webRwkvTensors(source);
  for (let block = 0; block < 3; block++) {
    for (const [stored, name] of [
      ["time_decay", "time_decay"],
      ["time_faaaa", "time_first"],
    ] as const) {
      const values = source.readFloats(`blocks.${block}.att.${stored}`);
      const repeated = Array.from({ length: heads * size }, (_, i) => values[Math.floor(i / size)]!);
      tensors[`blocks.${block}.att.${name}`] = floats([heads, size], repeated);
    }
  }
  return opened(tensors, (file) => {
    const { version, revision, heads: found } = detectDimensions(openWeights(file));
    assert.deepEqual([version, revision, found], [5, 2, heads]);
  });
});

/**
 * Asserts that v7-small with fla's names is rejected if its tensors are changed, or if this config.json is beside it.
 */
async function assertRefused(change: (tensors: Tensors) => Tensors, config: string | undefined, message: RegExp) {
  await opened(change(flaTensors(own("v7-small"))), (file) => {
    if (config !== undefined) writeFileSync(path.join(path.dirname(file), "config.json"), config);
    assert.throws(
      () => detectDimensions(openWeights(file)),
      (error: Error) => {
        assert.equal(error.name, "ModelError");
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

const same = (tensors: Tensors): Tensors => tensors;

test("a config.json with the published values is accepted", async () => {
  const config = {
    architectures: ["RWKV7ForCausalLM"],
    hidden_size: 128,
    head_dim: 64,
    norm_eps: 1e-5,
    attn: null,
    hidden_act: "sqrelu",
  };
  await opened(flaTensors(own("v7-small")), (file) => {
    writeFileSync(path.join(path.dirname(file), "config.json"), JSON.stringify(config));
    assertSame(openWeights(file), own("v7-small"));
  });
});

test("a config.json of another model, or an invalid one, is rejected by name", async () => {
  await assertRefused(
    same,
    '{"norm_eps":1e-6}',
    /config\.json: its norm_eps is 0\.000001, but only 0\.00001 is supported/,
  );
  await assertRefused(
    same,
    '{"hidden_act":"gelu"}',
    /config\.json: its hidden_act is "gelu", but only "sqrelu" is supported/,
  );
  await assertRefused(
    same,
    '{"attn":{"layers":[3]}}',
    /config\.json: its attn is \{"layers":\[3\]\}, but only null is supported/,
  );
  await assertRefused(same, "{", /config\.json: cannot be read as JSON; download it again/);
  await assertRefused(same, "7", /config\.json: is not a JSON object; download it again/);
});

test("tensors that do not fit together are rejected", async () => {
  const heads = (tensors: Tensors): Tensors => ({
    ...tensors,
    "model.layers.0.attn.r_k": floats([4, 32], new Array<number>(128).fill(0)),
  });
  await assertRefused(heads, undefined, /has a head size of 32, which is supported only with BlinkDL's names/);
  const twice = (tensors: Tensors): Tensors => ({ ...tensors, "head.weight": tensors["lm_head.weight"]! });
  await assertRefused(twice, undefined, /lm_head\.weight and head\.weight are the same tensor/);
  const short = (tensors: Tensors): Tensors => ({
    ...tensors,
    "model.layers.1.attn.x_x": floats([5, 128], new Array<number>(640).fill(0)),
  });
  await assertRefused(short, undefined, /model\.layers\.1\.attn\.x_x has 5 rows, not 6/);
  const flat = (tensors: Tensors): Tensors => ({
    ...tensors,
    "model.layers.0.attn.w_lora.lora.0.weight": floats([4096], new Array<number>(4096).fill(0)),
  });
  await assertRefused(flat, undefined, /blocks\.0\.att\.w1 is \[1, 4096\], not \[128, 4096\]/);
});

test("a single shard is rejected by its name; a GGUF file itself says whether it is a shard", () =>
  inTemporaryFolder((folder) => {
    const named = (name: string, bytes: Uint8Array): string => {
      writeFileSync(path.join(folder, name), bytes);
      return path.join(folder, name);
    };
    assert.throws(
      () => openWeights(named("model-00002-of-00003.safetensors", Buffer.alloc(8))),
      /is one of 3 shards of a model; give the index in the same folder \(….index\.json\), or a file with/,
    );
    const part = ggufFile({ keys: [["split.count", value.uint16(3)]], tensors: [] });
    assert.throws(
      () => openWeights(named("model-00002-of-00003.gguf", part)),
      /is one of 3 shards; join them with llama-gguf-split --merge/,
    );
    assert.deepEqual(openWeights(named("model-00001-of-00003.gguf", ggufFile(smallGguf))).has("ln_out.weight"), true);
  }));
