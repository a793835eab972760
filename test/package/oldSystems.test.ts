import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { code } from "../support/anyClient.js";
import { LspServer } from "../support/lspServer.js";
import { unpackDebian11 } from "../support/oldDebian.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { staged } from "./staged.js";

interface Versions {
  readonly glibc: string | undefined;
  readonly libstdcxx: string | undefined;
  readonly unknown: readonly string[];
}
interface Glibc {
  readonly oldestGlibc: string;
  readonly byVersion: (a: string, b: string) => number;
  readonly versionsNeeded: (file: string) => Versions;
}
const scripts = (name: string): Promise<unknown> => import(pathToFileURL(path.resolve("scripts", name)).href);

for (const target of ["linux-x64", "linux-arm64"]) {
  test(`the engines for ${target} need glibc 2.28 at most, and ours does not need libstdc++`, async (t) => {
    const stage = await staged(target);
    if (stage === undefined) {
      t.skip(`no compiler for ${target} is here`);
      return;
    }
    const { oldestGlibc, byVersion, versionsNeeded } = (await scripts("glibc.mjs")) as Glibc;
    assert.equal(oldestGlibc, "2.28");
    const binaries = readdirSync(path.join(stage, "dist"), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.node$|\.so(\.|$)/.test(file))
      .sort();
    assert.deepEqual(binaries, [
      `native/${target}.node`,
      "onnxruntime/libonnxruntime.so.1",
      "onnxruntime/onnxruntime_binding.node",
    ]);
    for (const file of binaries) {
      const { glibc = "0", libstdcxx, unknown } = versionsNeeded(path.join(stage, "dist", file));
      assert.ok(byVersion(glibc, oldestGlibc) <= 0, `${file} needs glibc ${glibc}`);
      if (file.startsWith("native/")) assert.deepEqual([libstdcxx, unknown], [undefined, []], file);
    }
  });
}

test("a binary that needs a newer glibc is detected", async () => {
  const { byVersion, versionsNeeded } = (await scripts("glibc.mjs")) as Glibc;
  assert.deepEqual(["2.4", "2.28", "2.2.5", "2.14"].sort(byVersion), ["2.2.5", "2.4", "2.14", "2.28"]);
  if (process.platform !== "linux" || !existsSync("/proc/self/exe")) return;
  // Node is a known case: its executable needs a libstdc++, and at least glibc 2.17.
  const { glibc = "0", libstdcxx } = versionsNeeded(process.execPath);
  assert.ok(byVersion(glibc, "2.17") >= 0, glibc);
  assert.match(libstdcxx ?? "", /^\d+\.\d+/);
});

test("the package runs on Debian 11 with the native engine", async (t) => {
  await inTemporaryFolder(async (folder) => {
    const root = path.join(folder, "root");
    const problem = unpackDebian11(root, path.join(folder, "downloads"));
    const stage = problem === undefined ? await staged("linux-x64") : undefined;
    if (stage === undefined) {
      t.skip(problem ?? "no compiler for linux-x64 was found");
      return;
    }
    cpSync(stage, path.join(root, "extension"), { recursive: true });
    const args = [root, "/node", "/extension/dist/server.js", "--stdio"];
    const program = { file: "chroot", args, env: process.env };
    const server = await LspServer.start({ transport: "stdio", program, settings: { engine: "auto" } });
    try {
      await server.open("file:///a.ts", code);
      const status = await server.status("ready");
      assert.match(status.kind === "ready" ? status.engine : "", /^native \w+ int8$/);
      const items = await server.complete("file:///a.ts", 0, code.length);
      assert.ok(items.length > 0);
      assert.equal(await server.stop(), 0);
    } finally {
      server.child.kill();
    }
  });
});
