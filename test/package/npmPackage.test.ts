import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import test, { after, before, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { LspServer } from "../support/lspServer.js";
import { root } from "../support/paths.js";

interface Packaged {
  readonly file: string;
  readonly files: readonly string[];
}
const sample = path.join(root, "media/sample.ts");
const manifest = (file: string): { readonly version: string } =>
  JSON.parse(readFileSync(path.join(root, file), "utf8")) as { version: string };

// Skipped on Windows, where npm lists paths with other separators. The files are the same.
const skip = process.platform === "win32" && "the packaged program is tested only on Linux and macOS";
let folder = "";
let packaged: Packaged;
/** A command prefix that runs a program with an empty home folder and, if the system allows, without a network. */
let alone: readonly [string, ...string[]];
let program = "";

before(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-npm-"));
  const scripts = async (name: string): Promise<unknown> => import(pathToFileURL(path.resolve("scripts", name)).href);
  const { host } = (await scripts("targets.mjs")) as { host: string };
  const { packageNpm } = (await scripts("packageNpm.mjs")) as {
    packageNpm: (targets: readonly string[], destination: string) => Promise<Packaged>;
  };
  packaged = await packageNpm([host], folder);
  if (skip !== false) return;
  const home = path.join(folder, "home");
  mkdirSync(home);
  const withoutNetwork = spawnSync("unshare", ["-n", "true"]).status === 0 ? ["unshare", "-n"] : [];
  const environment = [`HOME=${home}`, `PATH=${path.dirname(process.execPath)}:${process.env["PATH"]}`];
  alone = ["env", "-i", ...environment, ...withoutNetwork];
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(...command: readonly string[]): {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
} {
  const [first, ...rest] = [...alone, ...command];
  const { status, stdout, stderr } = spawnSync(first, rest, { cwd: folder, encoding: "utf8" });
  return { status, out: stdout.trim(), error: stderr.trim() };
}

test("the npm package contains what it needs and nothing else, in less than 45 MB", () => {
  const engines = packaged.files.filter((file) => /^dist\/native\/[a-z\d]+-[a-z\d]+\.node$/.test(file));
  assert.deepEqual(packaged.files.filter((file) => !engines.includes(file)).sort(), [
    "EDITORS.md",
    "LICENSE",
    "NOTICE",
    "README.md",
    "dist/cli.js",
    "dist/selfTest.js",
    "dist/third-party-notices.txt",
    "models/catalogue.json",
    "models/default/README.md",
    "models/default/SOURCES.md",
    "models/default/calibration.json",
    "models/default/model.json",
    "models/default/model.safetensors",
    "models/default/vocab.txt",
    "package.json",
  ]);
  assert.ok(statSync(packaged.file).size < 45e6);
});

test("the package has the extension's version and requires the tested onnxruntime", () => {
  assert.equal(manifest("npm/package.json").version, manifest("package.json").version);
  const { dependencies } = manifest("package.json") as unknown as { dependencies: Record<string, string> };
  const { peerDependencies } = manifest("npm/package.json") as unknown as { peerDependencies: Record<string, string> };
  assert.deepEqual(peerDependencies, { "onnxruntime-node": dependencies["onnxruntime-node"] });
});

test("it installs with an empty home, without a network and without scripts", { skip }, () => {
  const prefix = path.join(folder, "prefix");
  const flags = ["--global", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"];
  const { status, error } = run("npm", "install", ...flags, "--prefix", prefix, packaged.file);
  assert.equal(status, 0, error);
  program = path.join(prefix, "bin/rwkv-code");
  assert.deepEqual(run(program, "--version"), { status: 0, out: manifest("package.json").version, error: "" });
});

/** Skips a test if the package was made without an engine for this machine. */
function isWithoutEngine(t: TestContext): boolean {
  const isThere = packaged.files.includes(`dist/native/${process.platform}-${process.arch}.node`);
  if (!isThere) t.skip("no C++ compiler is here, so the package has no engine");
  return !isThere;
}

test("it completes in an otherwise empty folder", { skip }, (t) => {
  if (isWithoutEngine(t)) return;
  const { status, out, error } = run(program, "complete", `${sample}:18:11`);
  assert.equal(status, 0, error);
  assert.match(out, /for \(let├ i = 0;/);
});

test("it serves an editor over stdio", { skip }, async (t) => {
  if (isWithoutEngine(t)) return;
  const [first, ...rest] = alone;
  const server = await LspServer.start({
    transport: "stdio",
    program: { file: first, args: [...rest, program, "serve", "--stdio"], env: process.env },
  });
  await server.open("file:///a.ts", readFileSync(sample, "utf8"));
  await server.status("ready");
  const [item] = await server.complete("file:///a.ts", 17, 10);
  assert.match(JSON.stringify(item?.insertText), /^" i = 0;/);
  assert.equal(await server.stop(), 0);
});

test("onnxruntime runs the model once it is installed beside it; until then the error asks for that", { skip }, () => {
  const complete = [program, "complete", `${sample}:18:11`, "--engine", "onnxruntime"];
  const without = run(...complete);
  assert.equal(without.status, 1);
  assert.match(
    without.error,
    /onnxruntime: Cannot find package .* Install onnxruntime beside rwkv-code: npm install onnxruntime-node --ignore-scripts$/,
  );
  symlinkSync(
    path.join(root, "node_modules/onnxruntime-node"),
    path.join(folder, "prefix/lib/node_modules/onnxruntime-node"),
  );
  const { status, out, error } = run(...complete);
  assert.equal(status, 0, error);
  assert.match(out, /onnxruntime/);
});
