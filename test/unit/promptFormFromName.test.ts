import assert from "node:assert/strict";
import { test } from "node:test";
import { promptFormFromName } from "../../src/rwkv/import/promptFormFromName.js";
import type { Dimensions } from "../../src/rwkv/architecture.js";

test("the file's name suggests whether a model was trained to fill in the middle", () => {
  const shape = { version: 7, vocabularySize: 65_536 } as Dimensions;
  const names = {
    "rwkv7-g1c-1.5b-20260110-ctx8192.pth": "suffix-prefix-middle",
    "/models/RWKV7-G1J-2.9b-20260831-ctx16384.safetensors": "suffix-prefix-middle",
    "rwkv7-g1-0.1b-20250307-ctx4096.pth": "prefix",
    "rwkv7-g1b-0.1b-20250822-ctx4096.pth": "prefix",
    "/models/g1d/RWKV-x070-World-0.1B-v2.8-20241210-ctx4096.pth": "prefix",
    "g1code.pth": "prefix",
  };
  for (const [name, prompt] of Object.entries(names)) assert.equal(promptFormFromName(name, shape), prompt, name);
  for (const other of [{ version: 4 }, { vocabularySize: 50_277 }] as const) {
    assert.equal(promptFormFromName("rwkv7-g1c-1.5b.pth", { ...shape, ...other }), undefined);
  }
});
