import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { type TokenId } from "../../src/core/model.js";
import { loadWeights } from "../../src/rwkv/load.js";
import { loadAddon } from "../../src/rwkv/native/addon.js";
import { fixtures } from "../support/paths.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

const weights = path.join(fixtures, "rwkv/v7-small/model.safetensors");

for (const name of ["native", "onnxruntime"] as const) {
  const skip = name === "native" && loadAddon() === undefined && "the native engine was not built: no C++ compiler";

  test(
    `${name}: a number that is not a token id is rejected with its index, and nothing is read`,
    { skip },
    async () => {
      const { engine } = await loadWeights(weights, "fp32", 1, name);
      const reader = engine.open();
      const before = reader.save();
      for (const id of [NaN, 1.5, 2 ** 32, 2 ** 32 + 1, -1, 256, Infinity, -Infinity, "1", undefined, null]) {
        const tokens = [...Array<number>(100).fill(7), id] as TokenId[];
        await assert.rejects(reader.feed(tokens, "last", neverCancelled), (error: unknown) => {
          assert.ok(error instanceof RangeError);
          assert.equal(error.message, `tokens[100] is ${String(id)}; a token id is an integer from 0 to 255`);
          return true;
        });
      }
      assert.deepEqual(reader.save(), before);
      reader.dispose();
      await engine.dispose();
    },
  );
}
