import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { staged } from "./staged.js";

const scripts = (name: string): Promise<unknown> => import(pathToFileURL(path.resolve("scripts", name)).href);
const host = `${process.platform}-${process.arch}`;

/** All files in a folder, by their relative paths. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => statSync(path.join(folder, file)).isFile())
    .map((file) => file.replaceAll("\\", "/"))
    .sort();
}
const sha256 = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

const skipElsewhere = host !== "linux-x64" && "the expected names are those for linux-x64";

test(
  "a package contains only its own platform's binaries, whatever was packaged before",
  { skip: skipElsewhere },
  async () => {
    const { packageExtension } = (await scripts("package.mjs")) as {
      packageExtension: (target: string) => Promise<string>;
    };
    const { filesInVsix } = (await scripts("vsix.mjs")) as { filesInVsix: (file: string) => Map<string, unknown> };
    const binariesFor = async (target: string): Promise<string[]> =>
      [...filesInVsix(await packageExtension(target)).keys()]
        .filter((file) => /^extension\/dist\/(native|onnxruntime)\//.test(file))
        .map((file) => file.slice("extension/dist/".length))
        .sort();
    const development = (): string[] => filesIn("dist").filter((file) => /^(native|onnxruntime)\//.test(file));
    const before = development();
    const windows = ["onnxruntime/onnxruntime.dll", "onnxruntime/onnxruntime_binding.node"];
    const linux = ["native/linux-x64.node", "onnxruntime/libonnxruntime.so.1", "onnxruntime/onnxruntime_binding.node"];
    assert.deepEqual(await binariesFor("win32-arm64"), windows);
    assert.deepEqual(await binariesFor("linux-x64"), linux);
    assert.deepEqual(await binariesFor("win32-arm64"), windows);
    // Staging did not remove this machine's binaries from dist/.
    assert.ok(before.includes("native/linux-x64.node"));
    assert.deepEqual(development(), before);
  },
);

test("no library is packaged twice", async () => {
  for (const target of ["darwin-arm64", "linux-arm64", "linux-x64", "win32-arm64", "win32-x64"]) {
    await staged(target);
    const folder = path.join("out/package", target, "dist");
    const hashes = new Map<string, string>();
    for (const file of filesIn(folder)) {
      const hash = sha256(path.join(folder, file));
      assert.equal(hashes.get(hash), undefined, `${target}: ${file}`);
      hashes.set(hash, file);
    }
    assert.ok([...hashes.values()].some((file) => file.startsWith("onnxruntime/")));
  }
});

test("a platform without any engine is not packaged", { skip: process.platform === "darwin" }, async () => {
  await assert.rejects(
    staged("darwin-x64"),
    /onnxruntime has no binary for darwin-x64, so the package would have no engine/,
  );
});

test("the notices cover everything linked into the binaries, and name the copyright holders", async () => {
  const noticesFor = async (target: string): Promise<string> => {
    await staged(target);
    return readFileSync(path.join("out/package", target, "dist/third-party-notices.txt"), "utf8");
  };
  const has = (notices: string, ...patterns: RegExp[]): void => {
    for (const pattern of patterns) assert.ok(pattern.test(notices), pattern.source);
  };
  const linux = await noticesFor("linux-x64");
  has(linux, /^onnxruntime-node 1\.30\.0 \(MIT\)\n(.+\n)?\nMIT License\n\nCopyright \(c\) Microsoft Corporation/m);
  has(linux, /^protocolbuffers\/protobuf/m, /^dawn/m, /^microsoft\/cpp_client_telemetry/m, /^Eigen/m, /^abseil-cpp/m);
  assert.ok(!linux.includes("fs-eire"));
  assert.ok(!linux.includes("mingw-w64, linked"));
  has(await noticesFor("win32-x64"), /^mingw-w64, linked into the native engine/m);
});

test("building the native engine twice gives the same bytes", { skip: process.platform === "win32" }, async (t) => {
  const { buildNative } = (await scripts("native.mjs")) as { buildNative: () => Promise<string | undefined> };
  const binary = path.join("dist/native", `${host}.node`);
  const problem = await buildNative();
  if (problem !== undefined) {
    t.skip(problem);
    return;
  }
  const before = sha256(binary);
  rmSync(`${binary}.sources`);
  assert.equal(await buildNative(), undefined);
  assert.equal(sha256(binary), before);
});
