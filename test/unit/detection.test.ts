import assert from "node:assert/strict";
import test from "node:test";
import { detectDimensions, versionName } from "../../src/rwkv/architecture.js";
import { tensorSource, type TensorSource } from "../../src/rwkv/weights/tensorSource.js";

type Shapes = Readonly<Record<string, readonly number[]>>;

/** A source of tensors with these shapes. It has no data: detection reads only names and shapes. */
function source(shapes: Shapes): TensorSource {
  const entries = Object.entries(shapes).map(([name, shape]) => [name, { dtype: "F32", shape } as const] as const);
  const unread = ({ shape }: { readonly shape: readonly number[] }): never => {
    throw new Error(`read a tensor of ${shape.join()}`);
  };
  return tensorSource("model.pth", new Map(entries), { all: unread, rows: unread });
}

const [V, C, F, H, N] = [300, 128, 448, 2, 64];
const layers = 2;

function inBlocks(shapes: Shapes): Shapes {
  const blocks = Array.from({ length: layers }, (_, i) =>
    Object.entries(shapes).map(([name, shape]) => [`blocks.${i}.${name}`, shape] as const),
  );
  return Object.fromEntries(blocks.flat());
}

function all(names: string, shape: readonly number[]): Shapes {
  return Object.fromEntries(names.split(" ").map((name) => [name, shape]));
}

const frame: Shapes = {
  ...all("emb.weight head.weight", [V, C]),
  ...all("blocks.0.ln0.weight blocks.0.ln0.bias ln_out.weight ln_out.bias", [C]),
  ...inBlocks(all("ln1.weight ln1.bias ln2.weight ln2.bias", [C])),
  ...inBlocks({
    ...all("att.receptance.weight att.key.weight att.value.weight att.output.weight", [C, C]),
    "ffn.key.weight": [F, C],
    "ffn.value.weight": [C, F],
  }),
};
const four: Shapes = {
  ...frame,
  ...inBlocks({
    ...all("att.time_decay att.time_first", [C]),
    ...all("att.time_mix_k att.time_mix_v att.time_mix_r ffn.time_mix_k ffn.time_mix_r", [1, 1, C]),
    "ffn.receptance.weight": [C, C],
  }),
};
const fiveZero: Shapes = {
  ...four,
  ...inBlocks({ ...all("att.time_decay att.time_first", [H]), ...all("att.ln_x.weight att.ln_x.bias", [C]) }),
};
const { fiveOne, fiveTwo } = withGate(without(fiveZero, /time_first/));
const six: Shapes = {
  ...without(fiveTwo, /time_mix/),
  ...inBlocks({
    ...all("att.time_maa_x att.time_maa_w att.time_maa_k att.time_maa_v att.time_maa_r att.time_maa_g", [1, 1, C]),
    ...all("ffn.time_maa_k ffn.time_maa_r att.time_decay", [1, 1, C]),
    "att.time_maa_w1": [C, 160],
    "att.time_maa_w2": [5, 32, C],
    "att.time_decay_w1": [C, 24],
    "att.time_decay_w2": [24, C],
  }),
};
const seven: Shapes = {
  ...frame,
  ...inBlocks({
    ...all("att.x_r att.x_w att.x_k att.x_v att.x_a att.x_g ffn.x_k att.w0 att.a0 att.v0 att.k_k att.k_a", [1, 1, C]),
    ...all("att.ln_x.weight att.ln_x.bias", [C]),
    ...{ "att.w1": [C, 32], "att.w2": [32, C], "att.a1": [C, 16], "att.a2": [16, C] },
    ...{ "att.g1": [C, 40], "att.g2": [40, C], "att.v1": [C, 8], "att.v2": [8, C] },
    "att.r_k": [H, N],
  }),
};

function withGate(base: Shapes): { readonly fiveOne: Shapes; readonly fiveTwo: Shapes } {
  const gate: Shapes = { "att.gate.weight": [C, C], "att.time_mix_g": [1, 1, C] };
  return {
    fiveOne: { ...base, ...inBlocks({ ...gate, ...all("att.time_decay att.time_faaaa", [H]) }) },
    fiveTwo: { ...base, ...inBlocks({ ...gate, ...all("att.time_decay att.time_faaaa", [H, N]) }) },
  };
}

function without(shapes: Shapes, pattern: RegExp): Shapes {
  return Object.fromEntries(Object.entries(shapes).filter(([name]) => !pattern.test(name)));
}

const known: readonly (readonly [string, Shapes])[] = [
  ["RWKV-4", four],
  ["RWKV-5.0", fiveZero],
  ["RWKV-5.1", fiveOne],
  ["RWKV-5.2", fiveTwo],
  ["RWKV-6", six],
  ["RWKV-7", seven],
];

for (const [name, shapes] of known) {
  test(`${name} is detected from names and shapes in any order`, () => {
    const reversed = Object.fromEntries(Object.entries(shapes).reverse());
    for (const some of [shapes, reversed]) {
      const {
        layers: found,
        width,
        ffnWidth,
        vocabularySize,
        heads,
        headSize,
        ...rest
      } = detectDimensions(source(some));
      assert.equal(versionName(rest), name);
      assert.deepEqual([found, width, ffnWidth, vocabularySize], [layers, C, F, V]);
      assert.deepEqual([heads, headSize], name === "RWKV-4" ? [1, C] : [H, N]);
      assert.equal(rest.groupNormEps, 64e-5);
    }
  });

  test(`${name} with a tensor missing or of another shape is rejected by the tensor's name`, () => {
    for (const [tensor, shape] of Object.entries(shapes)) {
      // Skips the tensors of block 0 that are unused or that determine the version.
      if (/^blocks\.0\.att\.(v[012]|r_k|time_maa_x|ln_x\.weight|gate\.weight|time_first|time_decay)$/.test(tensor))
        continue;
      const { [tensor]: left, ...lacking } = shapes;
      assert.ok(left);
      const isMissing = new RegExp(
        `model\\.pth: has no tensor ${tensor.replaceAll(".", "\\.")}; .*the file is incomplete`,
      );
      assert.throws(() => detectDimensions(source(lacking)), isMissing, tensor);
      const longer = { ...shapes, [tensor]: [...shape.slice(0, -1), (shape.at(-1) ?? 0) + 3] };
      assert.throws(() => detectDimensions(source(longer)), /model\.pth: blocks|model\.pth: (emb|head|ln_out)/, tensor);
    }
  });
}

test("the epsilon of ln_x is that of model.json", () => {
  assert.equal(detectDimensions(source(fiveTwo), 1e-5).groupNormEps, 1e-5);
});

test("RWKV-5.0 has its bonus as a logarithm or as a value", () => {
  const plain = { ...without(fiveZero, /time_first/), ...inBlocks({ "att.time_faaaa": [H] }) };
  assert.equal(versionName(detectDimensions(source(plain))), "RWKV-5.0");
});

test("heads of any size that add up to the width are accepted; others are not", () => {
  const small = { ...fiveTwo, ...inBlocks(all("att.time_decay att.time_faaaa", [16, 8])) };
  assert.equal(detectDimensions(source(small)).headSize, 8);
  const one = { ...fiveTwo, ...inBlocks(all("att.time_decay att.time_faaaa", [1, C])) };
  assert.deepEqual([detectDimensions(source(one)).heads, detectDimensions(source(one)).revision], [1, 2]);
  const wrong: readonly (readonly [Shapes, RegExp])[] = [
    [
      { ...fiveTwo, ...inBlocks(all("att.time_decay att.time_faaaa", [3, N])) },
      /time_decay is \[3, 64\], which does not fit a width of 128/,
    ],
    [
      { ...six, ...inBlocks({ "att.time_faaaa": [H, 32] }) },
      /time_faaaa is \[2, 32\], which does not fit a width of 128/,
    ],
    [{ ...seven, ...inBlocks({ "att.r_k": [3, N] }) }, /r_k is \[3, 64\], which does not fit a width of 128/],
  ];
  for (const [shapes, message] of wrong) assert.throws(() => detectDimensions(source(shapes)), message);
});

test("the ranks of a low-rank pair must agree", () => {
  const wrong = { ...seven, "blocks.1.att.a2": [17, C] };
  assert.throws(() => detectDimensions(source(wrong)), /blocks\.1\.att\.a2 is \[17, 128\], not \[16, 128\]/);
  const five = { ...six, "blocks.1.att.time_maa_w1": [C, 155] };
  assert.throws(() => detectDimensions(source(five)), /blocks\.1\.att\.time_maa_w1 is \[128, 155\], not \[128, 160\]/);
});

const readable = "RWKV-4, 5, 6 and 7 are supported";
const refused: readonly (readonly [string, Shapes, string])[] = [
  ["RWKV-7a", { ...seven, "blocks.0.ffn.s_emb.weight": [1] }, "is an RWKV-7a or 7b model with DeepEmbed"],
  ["RWKV-7b", { ...seven, "blocks.1.qkv.weight": [1] }, "is an RWKV-7a or 7b model with DeepEmbed"],
  ["RWKV-4a", { ...four, "blocks.1.tiny_q.weight": [1] }, "is an RWKV-4a or 4b model"],
  ["x060a", { ...six, "blocks.0.att.gate_w1": [1] }, "is an experimental RWKV-6 model (x060a, b or c)"],
  ["x060b", { ...six, "blocks.0.att.time_maa_rkvw_w1": [1] }, "is an experimental RWKV-6 model (x060a, b or c)"],
  ["a mixture of experts", { ...six, "blocks.0.ffn.experts.0.key.weight": [1] }, "is a mixture of experts"],
  [
    "a hybrid",
    { "model.layers.0.self_attn.time_maa_x": [1], "model.layers.0.mlp.up_proj.weight": [1] },
    "is a model with attention, or a hybrid of attention and RWKV",
  ],
  [
    "tuned states",
    { "blocks.0.att.time_state": [H, N, N] },
    "is a state-tuned model or contains tuned states, which are not supported",
  ],
  ["another model", { "transformer.wte.weight": [1] }, "is not an RWKV model"],
  ["an empty file", {}, "is not an RWKV model"],
];
for (const [what, shapes, why] of refused) {
  test(`${what} is rejected with its kind`, () => {
    assert.throws(() => detectDimensions(source(shapes)), {
      name: "ModelError",
      message: `model.pth: ${why}; ${readable}`,
    });
  });
}
