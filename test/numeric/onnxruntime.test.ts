import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { loadOnnxruntime, withEnvironmentVariable } from "../../src/rwkv/ort/onnxruntime.js";

const name = "ORT_DISABLE_TELEMETRY";

function childHas(): string {
  const script = `process.stdout.write(String(process.env.${name}))`;
  return spawnSync(process.execPath, ["-e", script], { encoding: "utf8" }).stdout;
}

test("onnxruntime starts without telemetry, and child processes inherit the original environment", async () => {
  process.env[name] = "the user's own";
  const [ort, same] = await Promise.all([loadOnnxruntime(), loadOnnxruntime()]);
  assert.equal(ort, same);
  assert.equal(childHas(), "the user's own");
  assert.equal(await loadOnnxruntime(), ort);
  assert.equal(childHas(), "the user's own");
});

test("an environment variable is set during a run and then restored or removed, even after a failure", async () => {
  Reflect.deleteProperty(process.env, name);
  assert.equal(await withEnvironmentVariable(name, "1", () => Promise.resolve(childHas())), "1");
  assert.equal(childHas(), "undefined");
  await assert.rejects(
    withEnvironmentVariable(name, "1", () => Promise.reject(new Error("failed"))),
    /failed/,
  );
  assert.equal(childHas(), "undefined");
});
