import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import type { Addon, AddonRows, AddonSizes } from "../../src/rwkv/native/addon.js";
import { addonTensors } from "../../src/rwkv/native/addonTensors.js";
import { selfTest } from "../../src/rwkv/native/selfTest.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { fixtures } from "../support/paths.js";

/** The instruction set of a run, whether the weights have 8 bits, and the tokens. */
interface Run {
  readonly set: number;
  readonly isQuantized: boolean;
  readonly tokens: readonly number[];
}

type Logits = (run: Run) => number | undefined;

/**
 * An addon with three instruction sets. `logits` supplies the results of runs; undefined means that a run ended early.
 */
function fakeAddon(logits: Logits) {
  const models: { readonly sizes: AddonSizes; readonly tensors: AddonRows[] }[] = [];
  const runs: Run[] = [];
  const addon = {
    instructionSets: () => ["plain", "middle", "fast"],
    createTensors: (): AddonRows[] => [],
    addRows: async (tensors: AddonRows[], rows: AddonRows) => void tensors.push(rows),
    createModel: (sizes: AddonSizes, tensors: AddonRows[], set: number) => {
      models.push({ sizes, tensors });
      return { set, isQuantized: tensors.some(({ scales }) => scales !== undefined) };
    },
    openReader: (model: object) => model,
    run: async (reader: Omit<Run, "tokens">, tokens: Int32Array, want: number) => {
      assert.equal(want, 1);
      const run = { ...reader, tokens: [...tokens] };
      runs.push(run);
      const value = logits(run);
      return value === undefined ? undefined : Float32Array.of(0, value);
    },
  };
  return { addon: addon as unknown as Addon, models, runs }; // has all members that are used
}

test("each format is run with the plain kernels and the fastest ones, the latter also token by token", async () => {
  const { addon, runs } = fakeAddon(() => 1);
  await selfTest(addon);
  const single = (isQuantized: boolean) => Array.from({ length: 20 }, () => [2, isQuantized, 1]);
  assert.deepEqual(
    runs.map(({ set, isQuantized, tokens }) => [set, isQuantized, tokens.length]),
    [false, true].flatMap((format) => [[0, format, 20], [2, format, 20], ...single(format)]),
  );
  const [whole, , ...ones] = runs.slice(0, 22).map(({ tokens }) => tokens);
  assert.deepEqual(ones.flat(), whole);
  assert.ok(new Set(whole).size === 20 && whole!.every((token) => token >= 0 && token < 48));
});

const results: readonly (readonly [claim: string, Logits, RegExp | undefined])[] = [
  ["differ by 0.00009 in fp32", ({ set, isQuantized }) => (set === 2 && !isQuantized ? 9e-5 : 0), undefined],
  ["differ by 0.00011 in fp32", ({ set, isQuantized }) => (set === 2 && !isQuantized ? 1.1e-4 : 0), /^Error: fast fp32: wrong results$/],
  ["are too low by 0.00011 in fp32", ({ set, isQuantized }) => (set === 2 && !isQuantized ? -1.1e-4 : 0), /^Error: fast fp32: wrong results$/],
  ["differ by 0.09 in 8 bits", ({ set, isQuantized }) => (set === 2 && isQuantized ? 0.09 : 0), undefined],
  ["differ by 0.11 in 8 bits", ({ set, isQuantized }) => (set === 2 && isQuantized ? 0.11 : 0), /^Error: fast int8: wrong results$/],
  ["depend on the chunks", ({ tokens }) => (tokens.length === 1 ? 1e-9 : 0), /^Error: fast fp32: results depend on chunks$/],
  ["are missing", () => undefined, /^Error: a run ended early$/],
]; // prettier-ignore

for (const [claim, logits, error] of results) {
  test(`results that ${claim}: ${error === undefined ? "passed" : "failed"}`, async () => {
    const tested = selfTest(fakeAddon(logits).addon);
    if (error === undefined) await tested;
    else await assert.rejects(tested, (found) => error.test(String(found)));
  });
}

/** The two models that a self-test makes: one in fp32 and one in 8 bits. */
async function modelsOf() {
  const { addon, models } = fakeAddon(() => 1);
  await selfTest(addon);
  return [models[0]!, models.at(-1)!] as const;
}

test("the model of the self-test has the tensors of RWKV-7, with the shapes that its sizes need", async () => {
  const source = openSafetensors(path.join(fixtures, "rwkv/v7-small/model.safetensors"));
  const parts = [...addonTensors(source, detectDimensions(source), "fp32")];
  const inBlocks01 = parts.filter(({ name }) => !name.startsWith("blocks.2."));
  const unread = ["blocks.0.att.v0", "blocks.0.att.v1", "blocks.0.att.v2"];
  const [{ sizes, tensors }] = await modelsOf();
  assert.deepEqual(
    tensors.map(({ name, role }) => `${name} ${role}`).filter((line) => !unread.includes(line.split(" ")[0]!)).sort(),
    inBlocks01.map(({ name, role }) => `${name} ${role}`).sort(),
  ); // prettier-ignore
  const { version, layers, width, heads, ffnWidth, vocabularySize, groupNormEps } = sizes;
  assert.deepEqual([version, layers, width / heads, groupNormEps], [7, 2, 64, 64e-5]);
  const shapes = new Map(tensors.map(({ name, rows, columns }) => [name, [rows, columns]]));
  const { columns: rank } = tensors.find(({ name }) => name === "blocks.1.att.w1")!;
  for (const [name, rows, columns] of [
    ["emb.weight", vocabularySize, width],
    ["head.weight", vocabularySize, width],
    ["ln_out.weight", 1, width],
    ["blocks.1.att.output.weight", width, width],
    ["blocks.1.att.w1", width, rank],
    ["blocks.1.att.w2", rank, width],
    ["blocks.1.ffn.key.weight", ffnWidth, width],
    ["blocks.1.ffn.value.weight", width, ffnWidth],
  ] as const) {
    assert.deepEqual(shapes.get(name), [rows, columns], name);
  }
});

/** The largest absolute value, and how many different values there are. */
function spread(values: Iterable<number>): readonly [number, number] {
  const all = [...values];
  return [Math.max(...all.map(Math.abs)), new Set(all).size];
}

test("the values of the self-test's model are spread over all that 8 bits can hold, within the bounds for their width", async () => {
  for (const [i, { tensors }] of (await modelsOf()).entries()) {
    for (const { name, role, rows, totalRows, columns, values, scales } of tensors) {
      assert.equal(rows, totalRows);
      assert.equal(scales !== undefined, i === 1 && role === "matrix", name);
      assert.equal(values.length, rows * columns, name);
      const bound = rows === 1 ? 1 : 1 / Math.sqrt(columns);
      if (scales !== undefined) {
        assert.equal(scales.length, values.length / 32);
        assert.ok(scales.every((scale) => Math.abs(scale - bound / 127) < 1e-9));
      }
      const [max, count] = spread(values);
      const maxValue = scales === undefined ? bound : 127;
      assert.ok(max <= maxValue * 1.0001, `${name}: ${max}`);
      const isLarge = values.length >= 2048;
      assert.ok(max >= maxValue * (isLarge ? 0.999 : 0.9), `${name}: ${max}`);
      if (isLarge) assert.ok(count > 200, `${name}: ${count} values`);
    }
  }
});
