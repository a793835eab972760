import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import Ajv from "ajv";
import { readCatalogue } from "../../src/hub/catalogue.js";
import { filesOf } from "../../src/hub/modelFiles.js";
import { hubsFor } from "../../src/hub/hubs.js";
import { expectedTokensPerSecond, fitsMemory, memoryBytes } from "../../src/hub/requirements.js";
import { inTemporaryFolder } from "../support/temporary.js";

const file = "models/catalogue.json";
const parsed = (name: string): object => JSON.parse(readFileSync(name, "utf8")) as object;

test("the catalogue conforms to its schema, and each vocabulary that it names exists", async () => {
  const validate = new Ajv({ allErrors: true }).compile(parsed("models/catalogue.schema.json"));
  assert.ok(validate(parsed(file)), JSON.stringify(validate.errors));
  const { models, vocabularies } = await readCatalogue(file);
  for (const { vocabulary, weights } of models) {
    assert.equal(vocabulary === undefined, weights.path.endsWith(".gguf"), weights.path);
    assert.ok(vocabulary === undefined || vocabulary in vocabularies);
  }
  assert.equal(new Set(models.map(({ name }) => name)).size, models.length);
  // The list's title is "Get a Model That Chats", because narrow lists have no room to say that for each model. So all
  // must chat.
  assert.ok(models.every(({ chat }) => chat !== "none"));
});

test("a catalogue that is damaged or of a later version is reported by name", () =>
  inTemporaryFolder(async (folder) => {
    const damaged = path.join(folder, "catalogue.json");
    const whole = parsed(file) as { models: { weights: object }[] };
    for (const [text, reason] of [
      ["{", /catalogue\.json: cannot be read .*install RWKV Code again/],
      [JSON.stringify({ ...whole, formatVersion: 2 }), /catalogue\.json: not a list of models of this version/],
      [JSON.stringify({ ...whole, models: [{}] }), /not a list/],
      [JSON.stringify({ ...whole, models: [{ ...whole.models[0], name: "../.." }] }), /not a list/],
      ...[
        { prompt: "suffix" },
        { chat: "g2" },
        { vocabulary: 1 },
        { weights: { ...whole.models[0]?.weights, urls: "https://host.invalid/a.pth" } },
        { weights: { ...whole.models[0]?.weights, repositories: { huggingFace: 1 } } },
      ].map(
        (wrong) => [JSON.stringify({ ...whole, models: [{ ...whole.models[0], ...wrong }] }), /not a list/] as const,
      ),
      ["null", /not a list/],
    ] as const) {
      writeFileSync(damaged, text);
      await assert.rejects(readCatalogue(damaged), reason);
    }
    await assert.rejects(readCatalogue(path.join(folder, "none.json")), /none\.json: cannot be read/);
  }));

test("the first address of each model is on a hub of the chosen source that is known to have it", async () => {
  const catalogue = await readCatalogue(file);
  const urls = (source: string, environment?: string): string[] =>
    catalogue.models.flatMap((model) => {
      try {
        return filesOf(model, catalogue, hubsFor(source, environment)).weights.urls.slice(0, 1);
      } catch {
        return [];
      }
    });
  assert.deepEqual(urls("auto"), [
    "https://modelscope.cn/models/shoumenchougou/RWKV7-G1d-0.1B-GGUF/resolve/master/rwkv7-g1d-0.1b-Q8_0.gguf",
    "https://modelscope.cn/models/shoumenchougou/RWKV7-G1d-0.4B-GGUF/resolve/master/rwkv7-g1d-0.4b-Q8_0.gguf",
    "https://modelscope.cn/models/shoumenchougou/RWKV7-G1e-1.5B-GGUF/resolve/master/rwkv7-g1e-1.5b-Q8_0.gguf",
    "https://huggingface.co/BlinkDL/rwkv7-g1/resolve/main/rwkv7-g1j-2.9b-20260831-ctx16384.pth",
  ]);
  assert.equal(urls("modelscope").length, 4);
  assert.equal(urls("huggingface").length, 1);
  const mirror = "https://mirror.example/shoumenchougou/RWKV7-G1d-0.1B-GGUF/resolve/main/rwkv7-g1d-0.1b-Q8_0.gguf";
  assert.equal(urls("https://mirror.example/")[0], mirror);
  assert.equal(urls("huggingface", "https://mirror.example")[0], mirror);
});

test("memory and speed are near the measured ones", async () => {
  const [small, medium, , large] = (await readCatalogue(file)).models;
  // From docs/MODELS.md: the peak memory while loading, and 7.2 ms per token, of which reading 163.5 MB takes 4.66 ms.
  assert.ok(Math.abs(memoryBytes(small!) / 384e6 - 1) < 0.05);
  assert.ok(Math.abs(memoryBytes(medium!) / 730e6 - 1) < 0.05);
  const bandwidth = 163.5e6 / 4.66e-3;
  assert.ok(Math.abs(expectedTokensPerSecond(small!, bandwidth) * 7.2e-3 - 1) < 0.15);
  assert.ok(fitsMemory(small!, 1e9) && !fitsMemory(large!, 4e9) && fitsMemory(large!, 8e9));
});
