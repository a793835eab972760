import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import test, { after, before } from "node:test";
import { FakeHub, sha256 } from "../support/fakeHub.js";
import { root } from "../support/paths.js";
import {
  catalogueOf,
  publishedFile,
  publishedGguf,
  publishedName,
  publishedRepository,
} from "../support/publishedModel.js";
import { randomFrom } from "../support/random.js";
import { inTemporaryFolder } from "../support/temporary.js";

const gguf = publishedGguf("Hello.", { layers: 40 });
let hub: FakeHub;
before(async () => {
  hub = await FakeHub.start();
  hub.add(publishedRepository, publishedFile, gguf);
});
after(() => hub.stop());

/** Copies the built command line to a folder with the tests' catalogue. @returns the path of its module. */
function program(folder: string): string {
  const own = path.join(folder, "program");
  mkdirSync(path.join(own, "dist"), { recursive: true });
  mkdirSync(path.join(own, "models"));
  for (const name of ["cli.js", "selfTest.js"]) cpSync(path.join(root, "dist", name), path.join(own, "dist", name));
  for (const name of ["native", "onnxruntime"]) {
    if (existsSync(path.join(root, "dist", name)))
      symlinkSync(path.join(root, "dist", name), path.join(own, "dist", name));
  }
  writeFileSync(path.join(own, "models/catalogue.json"), catalogueOf(gguf));
  return path.join(own, "dist/cli.js");
}

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }>;
}

function start(module: string, cwd: string, args: readonly string[]): Run {
  const env = { ...process.env, HF_ENDPOINT: hub.endpoint };
  const child = spawn(process.execPath, [module, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].on("data", (data: Buffer) => (output[name] += data.toString()));
  const ended = once(child, "close").then(([status]) => ({ status: status as number | null, ...output }));
  return { child, ended };
}

const run = (module: string, cwd: string, ...args: readonly string[]) => start(module, cwd, args).ended;

test("a model of the catalogue is downloaded, imported and compared; nothing else is left", () =>
  inTemporaryFolder(async (folder) => {
    const module = program(folder);
    const to = path.join(folder, "models");
    const { status, stdout, stderr } = await run(module, folder, "get", publishedName, "--to", to);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /verified on \d+ tokens/);
    assert.match(stderr, new RegExp(`^\\[#{24}\\] 100 %  .*MB of .*MB`, "m"));
    assert.deepEqual(readdirSync(to), [publishedName]);
    const json = JSON.parse(readFileSync(path.join(to, publishedName, "model.json"), "utf8")) as { chat: string };
    assert.equal(json.chat, "g1");

    const list = await run(module, folder, "models", "--to", to, "--json");
    const [line] = list.stdout
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text) as Record<string, unknown>);
    assert.deepEqual([line!["name"], line!["isThere"], line!["downloadBytes"]], [publishedName, true, gguf.length]);
    assert.ok(Number(line!["expectedTokensPerSecond"]) > 0);
    // The model is recommended on every machine, because it is small enough to be fast on any machine.
    assert.equal(line!["isRecommended"], true);

    const again = await run(module, folder, "get", publishedName, "--to", to);
    assert.equal(again.status, 1);
    assert.match(again.stderr, /is there already; remove it, or give another folder with --to/);
  }));

for (const [what, given] of [
  ["a repository", () => publishedRepository],
  ["a file of a repository", () => `${publishedRepository}/${publishedFile}`],
  ["an address", () => `${hub.endpoint}/${publishedRepository}/resolve/main/${publishedFile}`],
] as const) {
  test(`${what} gets its model`, () =>
    inTemporaryFolder(async (folder) => {
      const { status, stderr } = await run(program(folder), folder, "get", given(), "--source", hub.endpoint);
      assert.equal(status, 0, stderr);
      assert.ok(existsSync(path.join(folder, `${publishedName}-Q8_0`, "model.safetensors")));
      assert.ok(!existsSync(path.join(folder, `${publishedName}-Q8_0.download`)));
    }));
}

for (const [what, args, status, reason] of [
  [
    "a file that is gone",
    ["maker/none/gone.gguf"],
    1,
    /gone\.gguf does not exist any more \(404\): choose another model .* Nothing was downloaded\./,
  ],
  ["a repository that is gone", ["maker/none"], 1, /maker\/none does not exist any more \(404\)/],
  ["no address", ["nonsense"], 1, /“nonsense” is neither the address of a weights file nor owner\/repository/],
  [
    "an address without encryption",
    ["http://example.com/a.gguf"],
    1,
    /http:\/\/example\.com is not encrypted: use an address that begins with https/,
  ],
  ["a source without encryption", [publishedName, "--source", "http://example.com"], 1, /is not encrypted/],
  ["nothing", [], 2, /usage: rwkv-code get NAME\|URL/],
] as const) {
  test(`${what} is reported in one line, and leaves no model`, () =>
    inTemporaryFolder(async (folder) => {
      const source = args.includes("--source" as never) || args.length === 0 ? [] : ["--source", hub.endpoint];
      const ran = await run(program(folder), folder, "get", ...args, ...source);
      assert.equal(ran.status, status);
      assert.match(ran.stderr, reason);
      assert.equal(ran.stderr.trim().split("\n").length, 1);
      assert.deepEqual(
        readdirSync(folder).filter((name) => !/^program$|\.download$/.test(name)),
        [],
      );
    }));
}

test("for a repository with several models, the error names all of them", () =>
  inTemporaryFolder(async (folder) => {
    hub.add("maker/two", "a.gguf", gguf);
    hub.add("maker/two", "b.pth", gguf);
    hub.add("maker/two", "README.md", gguf);
    const { status, stderr } = await run(program(folder), folder, "get", "maker/two", "--source", hub.endpoint);
    assert.equal(status, 2);
    assert.match(stderr, /the repository has 2 models; give one: maker\/two\/a\.gguf, maker\/two\/b\.pth/);
  }));

test("an interrupt keeps the partial file and says how to continue", () =>
  inTemporaryFolder(async (folder) => {
    const module = program(folder);
    const part = path.join(folder, `${publishedName}.download`, `${publishedFile}.part`);
    hub.chunkDelayMs = 20;
    const { child, ended } = start(module, folder, ["get", publishedName]);
    await partOf(part, 200_000);
    child.kill("SIGINT");
    const { status, stderr } = await ended;
    hub.chunkDelayMs = 0;
    assert.equal(status, 1);
    assert.match(stderr, /interrupted\. The \d+ kB received so far are kept\. The same command continues/);
    assert.ok(statSync(part).size >= 200_000);
    assert.equal((await run(module, folder, "get", publishedName)).status, 0);
  }));

test("a download that is killed 50 times, at any moment, ends in the same bytes", () =>
  inTemporaryFolder(async (folder) => {
    const module = program(folder);
    const name = "random.gguf"; // not a model: the import rejects it, and the download is kept
    const random = randomFrom(5);
    const bytes = Buffer.from(Uint8Array.from({ length: 3_000_000 }, () => random.below(256)));
    const address = hub.add("maker/random", name, bytes);
    const target = path.join(folder, "random.download", name);
    hub.chunkBytes = 8192;
    hub.chunkDelayMs = 1;
    const before = hub.fetched.length;
    let kills = 0;
    while (kills < 50) {
      const { child, ended } = start(module, folder, ["get", address]);
      const have = existsSync(`${target}.part`) ? statSync(`${target}.part`).size : 0;
      // Every fifth kill comes at once: before the first byte arrives, or while the partial file is hashed.
      const isEarly = kills % 5 === 4;
      if (!isEarly) await partOf(`${target}.part`, Math.min(have + random.below(90_000), bytes.length - 200_000));
      child.kill("SIGKILL");
      await ended;
      kills++;
    }
    hub.chunkDelayMs = 0;
    hub.chunkBytes = 2 ** 16;
    assert.ok(!existsSync(target), "it was whole before the last kill");
    const { stderr } = await run(module, folder, "get", address);
    assert.match(stderr, /random\.gguf/);
    assert.equal(sha256(readFileSync(target)), sha256(bytes));
    const asked = hub.fetched.slice(before);
    assert.ok(asked.some(({ headers }) => headers.range !== undefined));
    assert.ok(asked.filter(({ headers }) => headers.range === undefined).length <= 15, "it began anew");
  }));

/** Resolves once a file has at least this many bytes. */
async function partOf(file: string, bytes: number): Promise<void> {
  while (!existsSync(file) || statSync(file).size < bytes) await new Promise((done) => setTimeout(done, 2));
}
