import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { inTemporaryFolder } from "../support/temporary.js";
import { staged } from "./staged.js";

const emulator = "qemu-x86_64";
const isEmulated = process.platform === "linux" && spawnSync(emulator, ["--version"]).status === 0;

test("without AVX2 and onnxruntime the plain kernels run, and the reason is shown", async (t) => {
  const stage = isEmulated ? await staged("linux-x64") : undefined;
  if (stage === undefined || process.arch !== "x64") {
    t.skip(isEmulated ? "no compiler for linux-x64 was found" : `${emulator} is not here`);
    return;
  }
  await inTemporaryFolder((folder) => {
    cpSync(stage, folder, { recursive: true });
    rmSync(path.join(folder, "dist/onnxruntime"), { recursive: true });
    const complete = [path.join(folder, "dist/cli.js"), "complete", "media/sample.ts:18:11", "--json"];
    const args = ["-cpu", "Nehalem", process.execPath, ...complete];
    const { status, stdout, stderr } = spawnSync(emulator, args, { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    const { engine, insertText } = JSON.parse(stdout) as { engine: string; insertText: string };
    assert.match(
      engine,
      /^native scalar int8 \(this processor has no AVX2, FMA and F16C; onnxruntime does not run here: Cannot find module/,
    );
    assert.notEqual(insertText, "");
  });
});
