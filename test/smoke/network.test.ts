import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test, { describe } from "node:test";
import { setTimeout } from "node:timers/promises";
import { LspServer } from "../support/lspServer.js";
import { embeddedModel, root } from "../support/paths.js";
import { ObservedProgram, onnxruntimeLibrary, skipWithoutStrace } from "../support/systemCalls.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { tensorFile, tensorsOf } from "../support/tensorFile.js";
import { tinyModel } from "../support/tinyModel.js";

/**
 * How long a program is observed. By then, onnxruntime's telemetry, if it were on, would have resolved its host's name.
 */
const observedMs = 45_000;
/** A copy of the packaged extension, made by scripts/smokeTests.mjs. */
const extension = path.join(root, "out/smoke/extension");
const cli = path.join(extension, "dist/cli.js");
const engine = ["--engine", "onnxruntime"];
const skip = skipWithoutStrace;

/**
 * Asserts that onnxruntime was loaded, that no network socket was opened, that the machine's id was not read, that only
 * `allowed` files were written, and that no file remains in the home folder.
 */
function assertSilent(program: ObservedProgram, allowed: (file: string) => boolean = () => false): void {
  const { sockets, identities, written, left, opened } = program.observed();
  assert.ok(onnxruntimeLibrary(opened) !== undefined, "onnxruntime was not loaded: nothing was observed");
  assert.deepEqual(sockets, []);
  assert.deepEqual(identities, []);
  assert.deepEqual(
    written.filter((file) => !allowed(file)),
    [],
  );
  assert.deepEqual(left, []);
}

/** Requests completions and a chat reply from a server, makes it reload its model, and waits until the time is up. */
async function serveFor(ms: number, program: ObservedProgram): Promise<void> {
  const over = setTimeout(ms);
  const settings = { engine: "onnxruntime" } as const;
  const server = await LspServer.start({ transport: "stdio", settings, program });
  const uri = "file:///a.ts";
  await server.open(uri, "export const value = compute(1, 2);\n".repeat(300));
  await server.status("ready");
  await server.complete(uri, 250, 20);
  await server.chat([{ message: "export function sum(", attachments: [], think: false }]);
  await server.configure({ ...settings, checkpointMemoryMB: 64 });
  await server.status("loading");
  await server.status("ready");
  await server.complete(uri, 250, 20);
  await over;
  assert.equal(await server.stop(), 0, server.log.join("\n"));
}

describe("nothing leaves the machine on onnxruntime", { concurrency: true }, () => {
  const servers = {
    server: ["dist/server.js", "--stdio"],
    "command line's server": ["dist/cli.js", "serve", "--stdio"],
  };
  for (const [name, [file = "", ...args]] of Object.entries(servers)) {
    test(`the ${name} opens no socket and writes no file within 45 s`, { skip }, () =>
      inTemporaryFolder(async (folder) => {
        const program = new ObservedProgram(folder, "server", [path.join(extension, file), ...args]);
        await serveFor(observedMs, program);
        assertSilent(program);
      }),
    );
  }

  test("`complete` opens no socket and writes no file", { skip }, () =>
    inTemporaryFolder(async (folder) => {
      const program = new ObservedProgram(folder, "complete", [cli, "complete", "media/sample.ts:18:11", ...engine]);
      assert.deepEqual(await program.run(), { status: 0, stderr: "" });
      assertSilent(program);
    }),
  );

  // onnxruntime verifies the import, because our own engine does not support heads of 8 channels.
  test("an import opens no socket and writes only into its folder", { skip }, () =>
    inTemporaryFolder(async (folder) => {
      const out = path.join(folder, "imported");
      const source = path.join(folder, "source.safetensors");
      writeFileSync(source, tensorFile(tensorsOf(tinyModel(6, { C: 24, F: 40, H: 3, N: 8, V: 256 }))));
      const program = new ObservedProgram(folder, "import", [cli, "import", source, "--out", out]);
      assert.deepEqual(await program.run(), { status: 0, stderr: "" });
      assertSilent(program, (file) => file.startsWith(out));
    }),
  );

  // The command line is longer than the buffer that onnxruntime's telemetry copies it into.
  test("`logits` with 8,000 tokens on the command line opens no socket and writes no file", { skip }, () =>
    inTemporaryFolder(async (folder) => {
      const tokens = Array<number>(8000).fill(100).join();
      const args = [cli, "logits", embeddedModel, "--tokens", tokens, ...engine, "--json"];
      const program = new ObservedProgram(folder, "logits", args);
      assert.deepEqual(await program.run(), { status: 0, stderr: "" });
      assertSilent(program);
    }),
  );
});
