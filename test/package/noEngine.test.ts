import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { inTemporaryFolder } from "../support/temporary.js";
import { staged } from "./staged.js";

const host = `${process.platform}-${process.arch}`;

/**
 * Runs a completion with the packaged command line in a folder, and asserts that it fails. @returns its error output.
 */
function saidIn(folder: string): string {
  const args = [path.join(folder, "dist/cli.js"), "complete", "media/sample.ts:18:11"];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  assert.equal(status, 1);
  return stderr;
}

const skip = process.platform !== "linux" && "the expected messages are Linux's";

test("if both engines' binaries are damaged, the error has both reasons and asks to reinstall", { skip }, async (t) => {
  const stage = await staged(host);
  if (stage === undefined) {
    t.skip(`no compiler for ${host} is here`);
    return;
  }
  await inTemporaryFolder((folder) => {
    cpSync(stage, folder, { recursive: true });
    for (const file of [`native/${host}.node`, "onnxruntime/onnxruntime_binding.node"])
      writeFileSync(path.join(folder, "dist", file), "not a binary ".repeat(100));
    const said = saidIn(folder);
    assert.match(said, /Native engine: its self-test failed: .*invalid ELF header/);
    assert.match(said, /onnxruntime: .*invalid ELF header/);
    assert.match(said, new RegExp(`damaged or belong to another platform. Reinstall the extension built for ${host}`));
  });
});

test("a folder that forbids running programs is reported", { skip }, async (t) => {
  const stage = await staged(host);
  await inTemporaryFolder((folder) => {
    const mounted = path.join(folder, "noexec");
    mkdirSync(mounted);
    const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "noexec", "none", mounted]);
    if (stage === undefined || status !== 0) {
      t.skip("nothing can be mounted here, or no compiler was found");
      return;
    }
    try {
      cpSync(stage, mounted, { recursive: true });
      assert.match(saidIn(mounted), /Native engine: .*failed to map segment.*onnxruntime: .*failed to map.*noexec/s);
    } finally {
      spawnSync("umount", [mounted]);
    }
  });
});
