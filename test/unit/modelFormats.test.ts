import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type { Model } from "../../src/core/model.js";
import { loadModel } from "../../src/rwkv/load.js";
import { embeddedModel, fixtures } from "../support/paths.js";
import { inTemporaryFolder } from "../support/temporary.js";

const small = path.join(fixtures, "rwkv/v7-small/model.safetensors");
const described = JSON.parse(readFileSync(path.join(embeddedModel, "model.json"), "utf8")) as object;
const fitted = JSON.parse(readFileSync(path.join(embeddedModel, "calibration.json"), "utf8")) as {
  mixture: { experts: unknown[] };
  correctness: object;
};
const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");

/** Loads the small model with this calibration and these fields of model.json. */
async function loaded(calibration: string, fields: object = {}, hash = sha256(calibration)): Promise<Model> {
  let model: Model | undefined;
  await inTemporaryFolder(async (folder) => {
    copyFileSync(small, path.join(folder, "model.safetensors"));
    writeFileSync(path.join(folder, "calibration.json"), calibration);
    const files = {
      "model.safetensors": { sha256: sha256(readFileSync(small)) },
      "calibration.json": { sha256: hash },
    };
    const json = { ...described, tokenizer: { kind: "bytes" }, weights: "fp32", files, ...fields };
    writeFileSync(path.join(folder, "model.json"), JSON.stringify(json));
    model = await loadModel(folder, { threads: 1, engine: "onnxruntime" });
    await model.dispose();
  });
  return model!;
}

/** The correctness in a calibration of format 1, in which the coefficients are next to the bias. */
const firstCorrectness = { bias: 2, sum: 0.5, least: 1, length: -0.5 };

test("a calibration of this form or the first is used, the first with or without its version", async () => {
  const { mixture } = fitted;
  const first = { mixture: { ...mixture, experts: mixture.experts.slice(0, 4) }, correctness: firstCorrectness };
  for (const written of [
    first,
    { ...first, formatVersion: 1 },
    { ...fitted, formatVersion: 2 },
    { ...fitted, formatVersion: 3 },
  ]) {
    const { calibration, notes } = await loaded(JSON.stringify(written));
    assert.ok(calibration !== undefined);
    assert.equal(calibration.mixture.experts.length, written.mixture.experts.length);
    assert.deepEqual(notes, []);
  }
});

for (const [what, text, reason] of [
  ["an older form", JSON.stringify({ mixture: { weights: [1, 2] }, bias: 3 }), /one of an older form/],
  [
    "other experts",
    JSON.stringify({ ...fitted, mixture: { ...fitted.mixture, experts: fitted.mixture.experts.slice(1) } }),
    /one of an older form/,
  ],
  ["a form without a bias", JSON.stringify({ ...fitted, correctness: { coefficients: { sum: 1 } } }), /calibration/],
  [
    "a form with an unknown feature",
    JSON.stringify({ ...fitted, correctness: { bias: 1, coefficients: { other: 1 } } }),
    /calibration/,
  ],
  ["a newer form", JSON.stringify({ ...fitted, formatVersion: 4 }), /has format 4; this version reads 1 to 3/],
  ["an invalid version", JSON.stringify({ ...fitted, formatVersion: "new" }), /has format "new"/],
  ["no JSON", "{", /cannot be read as JSON/],
] as const) {
  test(`a calibration of ${what} is ignored with a note, and the model loads`, async () => {
    const { calibration, notes } = await loaded(text);
    assert.equal(calibration, undefined);
    assert.equal(notes.length, 1);
    assert.match(notes[0]!, reason);
    assert.match(notes[0]!, /calibration\.json: .*The model is used without it/);
  });
}

test("a calibration that is missing, has no hash or has another hash is ignored too", async () => {
  const text = JSON.stringify(fitted);
  const files = { "model.safetensors": { sha256: sha256(readFileSync(small)) } };
  const notes = async (...args: Parameters<typeof loaded>): Promise<string> => (await loaded(...args)).notes.join();
  assert.match(await notes(text, {}, "0".repeat(64)), /calibration\.json: is not the file that model\.json names/);
  assert.match(await notes(text, { files }), /calibration\.json: is not the file that model\.json names/);
  // `__proto__` is a property of every object, but not a file that model.json lists.
  assert.match(await notes(text, { calibration: "__proto__" }), /__proto__: cannot be read/);
  const other = { calibration: "gone.json", files: { ...files, "gone.json": { sha256: sha256(text) } } };
  assert.match(await notes(text, other), /gone\.json: cannot be read/);
});

test("the known fields of a newer model.json are used, with a note", async () => {
  const text = JSON.stringify(fitted);
  const newer = { formatVersion: 2, chat: "g9", weights: "int2", further: { more: [] } };
  const { chat, calibration, notes } = await loaded(text, newer);
  assert.deepEqual([chat, calibration !== undefined, notes.length], ["none", true, 1]);
  assert.match(notes[0]!, /model\.json: has format 2; this version reads 1 and ignores the rest\. Update RWKV Code/);
  await assert.rejects(
    loaded(text, { ...newer, document: { prompt: "middle-out" } }),
    /"document\.prompt" must be prefix, .*; it has format 2, newer than 1, which this version reads: update RWKV Code/,
  );
  for (const formatVersion of [0, 1.5, "2"]) {
    await assert.rejects(loaded(text, { formatVersion }), /"formatVersion" is not a positive integer/);
  }
  assert.deepEqual((await loaded(text, { formatVersion: 1 })).notes, []);
});
