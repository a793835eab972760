import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";

const script = (name: string): Promise<unknown> => import(pathToFileURL(path.resolve("scripts", name)).href);

test("on an old version of Node, the message says which one to install", () => {
  const statusWith = (version: string): [number | null, string] => {
    const pretend = `Object.defineProperty(process, "versions", { value: { node: "${version}" } })`;
    const args = ["--import", `data:text/javascript,${encodeURIComponent(pretend)}`, "scripts/run.mjs"];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    return [status, stderr.trim()];
  };
  assert.deepEqual(statusWith("20.18.3"), [1, "Node 20.18.3 is too old; install Node 20.19 or newer"]);
  assert.deepEqual(statusWith("18.20.0"), [1, "Node 18.20.0 is too old; install Node 20.19 or newer"]);
  for (const version of ["20.19.0", "22.13.0", "24.0.0"]) assert.deepEqual(statusWith(version), [0, ""]);
});

test("package.json and package-lock.json name the same Node", () => {
  const read = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));
  const { engines } = read("package.json") as { engines: { node: string } };
  const { packages } = read("package-lock.json") as { packages: { "": { engines: { node: string } } } };
  assert.equal(engines.node, ">=20.19");
  assert.equal(packages[""].engines.node, engines.node);
});

test("CXX names the compiler for this machine, and no other machine's", async () => {
  const { compilerFor, host } = (await script("targets.mjs")) as {
    compilerFor: (target: string) => string | undefined;
    host: string;
  };
  const own = process.env["CXX"];
  process.env["CXX"] = "clang++-19";
  try {
    assert.equal(compilerFor(host), "clang++-19");
    const others = { "linux-arm64": "aarch64-linux-gnu-g++", "win32-x64": "x86_64-w64-mingw32-g++-posix" };
    for (const [target, compiler] of Object.entries(others))
      if (target !== host) assert.equal(compilerFor(target), compiler);
  } finally {
    if (own === undefined) delete process.env["CXX"];
    else process.env["CXX"] = own;
  }
});

test("arguments with spaces are quoted for batch files on Windows", async () => {
  const { invocation } = (await script("run.mjs")) as {
    invocation: (program: string, args: readonly string[], options: object, platform: string) => unknown;
  };
  const folder = "C:\\Users\\Ada L\\my code";
  assert.deepEqual(invocation("code", ["--new-window", folder], {}, "win32"), [
    "code",
    ["--new-window", `"${folder}"`],
    { shell: true },
  ]);
  assert.deepEqual(invocation(`${folder}\\node.exe`, [folder], {}, "win32"), [`${folder}\\node.exe`, [folder], {}]);
  assert.deepEqual(invocation("code", ["/home/ada l"], {}, "linux"), ["code", ["/home/ada l"], {}]);
});

test("a browser is found at CHROMIUM, and in the folders that installers use", async () => {
  const { findChromium } = (await import(pathToFileURL(path.resolve("test/vscode/host.mjs")).href)) as {
    findChromium: (system: object, isThere: (place: string) => boolean) => string | undefined;
  };
  const on = (platform: string, env: object, ...there: string[]): string | undefined =>
    findChromium({ platform, env }, (place) => there.includes(place));
  assert.equal(on("linux", {}, "/usr/bin/chromium"), "/usr/bin/chromium");
  assert.equal(on("linux", { CHROMIUM: "/opt/chrome" }, "/opt/chrome", "/usr/bin/chromium"), "/opt/chrome");
  assert.equal(on("darwin", {}, "/usr/bin/chromium"), undefined);
  const mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
  assert.equal(on("darwin", {}, mac), mac);
  const edge = "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe";
  assert.equal(on("win32", { "ProgramFiles(x86)": "C:\\Program Files (x86)" }, edge), edge);
});
