import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import test, { after, suite } from "node:test";
import { pathToFileURL } from "node:url";
import { loadAddon } from "../../src/rwkv/native/addon.js";
import { typescript } from "../support/generatedText.js";
import { writeLlamaStandIn } from "../support/llamaStandIn.js";
import { embeddedModel, fixtures, root } from "../support/paths.js";

/** No script takes longer than this, even on a busy machine. */
const maxMs = 4 * 60_000;

const folder = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-smoke-"));
const [sources = "", longSources = "", model = "", llama = ""] = ["sources", "longSources", "model", "llama"].map(
  (name) => path.join(folder, name),
);
for (const one of [sources, longSources]) mkdirSync(one);
writeFileSync(path.join(longSources, "file.ts"), typescript(800, 0));
for (const i of [1, 2]) writeFileSync(path.join(sources, `file${i}.ts`), typescript(300, i * 100));
cpSync(embeddedModel, model, { recursive: true });
writeLlamaStandIn(llama);
after(() => {
  rmSync(folder, { recursive: true });
});

interface Script {
  readonly args?: readonly string[];
  /** Matches output that appears only if the script did its work. */
  readonly says?: RegExp;
  /** True if the script runs until it is stopped. It is stopped once `says` matches. */
  readonly isEndless?: boolean;
  readonly skip?: string | false;
  readonly opensEditor?: boolean;
}

const onWindows = process.platform === "win32" && "scripts are ended with their process group, which Windows lacks";
const withoutNative = loadAddon() === undefined && "the native engine was not built: no C++ compiler";

/** The scripts of package.json that are run here, each with little work. The others are in `elsewhere`. */
const scripts: Readonly<Record<string, Script>> = {
  "build:native": { skip: withoutNative },
  bench: { args: ["--lines", "50"], says: /logits at 50 lines against a fresh read: fp32 within \d/ },
  "bench:engines": {
    args: ["--shapes", "d128,embedded", "--threads", "1", "--rounds", "1", "--best", "--node-llama-cpp", llama],
    says: /d128 +fp32 llama\.cpp .* tokens\/s(.*\n)*embedded +fp32 onnxruntime .* tokens\/s/,
  },
  "bench:states": { args: ["--lines", "400"], says: /a character in line 10 \| later \| exact/, skip: withoutNative },
  "bench:larger": {
    args: ["--shapes", "d512", "--lines", "60"],
    says: /60 \| restart, the last line \| \w+ \|/,
    skip: withoutNative,
  },
  "bench:llama": {
    args: ["--lines", "60", "--node-llama-cpp", llama],
    says: /further keys there \(median\)( \| \d+ \| \d+\.\d \| \d+\.\d){2}/,
  },
  "bench:eviction": {
    args: ["--edits", "500"],
    says: /32 \| tokens × likelihood \| \d+/,
    skip: !existsSync(path.join(root, ".git")) && "this is no git repository",
  },
  "bench:fading": {
    args: ["--lines", "400", "--edit", "a character"],
    says: /a character in line 10 \| \d+\.\d %, 0\.\d+ \|/,
    skip: withoutNative,
  },
  "bench:packing": { args: ["--lines", "200"], says: /packed \(8 bits\) \| \d+ \| \d+ \| \d/, skip: withoutNative },
  "bench:jumps": {
    args: ["--lines", "300", "--memory", "10", "--jumps", "4"],
    says: /10 MB \| packed if needed \| \d+/,
    skip: withoutNative,
  },
  "bench:restart": {
    args: ["--lines", "300", "--runs", "1"],
    says: /2 of 2 exact or converged; medians without loading: new place: \d+ ms/,
  },
  "bench:hour": {
    args: ["--lines", "300", "--minutes", "0.1"],
    says: /\d CPU seconds per hour of typing/,
    skip: process.platform !== "linux" && "only Linux tells the CPU time of another process's threads",
  },
  "bench:import": {
    args: ["--shapes", "d128", "--weights", "int8", "--engines", "auto,onnxruntime", "--in", folder],
    says: /d128 int8: imported from .*\n( +.*: loaded in .*\n){3} +onnxruntime.*: loaded in/,
  },
  fuzz: { args: ["--seconds", "0.1", "--seed", "1"], says: /gguf: \d+ cases, \d+ refused, \d+ read/ },
  "fuzz:lsp": {
    args: ["--messages", "300", "--kills", "1", "--seed", "1"],
    says: /no crash, no hang\n1 kills: 0 files changed, 0 processes left/,
  },
  "test:mutants": {
    args: ["--count", "1", "--seed", "1", "--in", "src/extension/completionCounts.ts"],
    says: /(killed by \S+|SURVIVED): src\/extension\/completionCounts\.ts:\d+ .*\n(.*\n)*\d of 1 killed \(seed 1\)/,
  },
  "bench:gguf": { args: ["--node-llama-cpp", llama, "--types", "Q8_0"], says: /Q8_0 +matrices .* \d+\/32/ },
  "verify:models": { args: [path.join(fixtures, "rwkv")], says: /v7-small \| RWKV-7 \| \.safetensors \| \d/ },
  quality: { args: [sources, "--files", "1", "--thresholds", "0.5"], says: /both, ≥ 0\.5, all above.*TypeScript/ },
  "quality:truth": {
    args: [sources, "--files", "1", "--places", "60"],
    says: /all +\d+ of 60 pass: \d+\.\d\d %[\s\S]*on a line of 1 MB, elsewhere than before: p50 \d/,
  },
  "quality:damage": { args: [sources, "--files", "1", "--thresholds", "0.5"], says: /≥ 0\.5 +all .*damaged/ },
  "quality:engines": { args: [sources, "--files", "1"], says: /\d+ places, \d+ differ/, skip: withoutNative },
  "quality:fit": { args: [sources, "--files", "1", "--model", model], says: /written to .*calibration\.json/ },
  "quality:bpb": { args: [sources, "--files", "1"], says: /TypeScript +\d\.\d+/ },
  "quality:context": { args: [longSources, "--longer-than", "500", "--blocks", "2"], says: /\| all \| 2 \|/ },
  // The scripts from here on write to dist/.
  package: { says: /rwkv-code-.*\.vsix \| \d+\.\d MB/ },
  sizes: { says: /\| rwkv-code-.*\.vsix \| \d+\.\d MB \|/ },
  "package:npm": { says: /dist\/rwkv-code-.*\.tgz +\d+\.\d MB/ },
  "bench:popup": { args: ["--trials", "1"], says: /"withUs": \{\s+"p50Ms": \d+/, opensEditor: true },
  "bench:typing": {
    args: ["TaskList", "--lines", "2"],
    says: /TaskList\.tsx\.txt: 2 lines, \d+ keys/,
    opensEditor: true,
  },
  screenshot: { says: /pictures in out/, opensEditor: true },
  start: { says: /for \(let├.*┤/ },
  watch: { says: /watching for changes/, isEndless: true },
  build: { says: /dist\/extension\.js/ },
};

/** The scripts that are not run here, and why. */
const elsewhere: Readonly<Record<string, string>> = {
  test: "this test is a part of it",
  check: "the suite of that name runs the same",
  l10n: "it would change the sources; test/unit/texts.test.ts compares its result with them",
  format: "it would change the sources; the suite `check` runs the same formatter over them",
};

const { scripts: commands } = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const isBenchmark = (name: string): boolean => commands[name]?.startsWith("node scripts/benchmark.mjs ") === true;

test("each script in package.json is run here or in another suite", () => {
  assert.deepEqual([...Object.keys(scripts), ...Object.keys(elsewhere)].sort(), Object.keys(commands).sort());
});

// Two at a time: they write only to their own files, and their figures do not matter here.
suite("benchmarks", { concurrency: 2 }, () => {
  for (const [name, script] of Object.entries(scripts)) if (isBenchmark(name)) testScript(name, script);
});

for (const [name, script] of Object.entries(scripts)) if (!isBenchmark(name)) testScript(name, script);

function testScript(
  name: string,
  { args = [], says, isEndless = false, skip = false, opensEditor = false }: Script,
): void {
  test(
    `npm run ${[name, ...args.slice(0, 2).map((arg) => path.basename(arg))].join(" ")}`,
    { skip: onWindows || skip },
    async (t) => {
      const reason = opensEditor && (await reasonWithoutEditor());
      if (reason !== false) {
        t.skip(reason);
        return;
      }
      const { status, output } = await run(["run", name, "--", ...args], isEndless ? says : undefined);
      if (!isEndless) assert.equal(status, 0, output);
      if (says !== undefined) assert.match(output, says);
    },
  );
}

/** Runs npm in its own process group until it exits, its time is up, or its output matches `until`. */
function run(args: readonly string[], until?: RegExp): Promise<{ readonly status: number | null; output: string }> {
  const child = spawn("npm", args, { cwd: root, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let hasEnded = false;
  const end = (): void => {
    if (child.pid !== undefined && !hasEnded) process.kill(-child.pid, "SIGKILL");
    hasEnded = true;
  };
  const timer = setTimeout(end, maxMs);
  let output = "";
  const said = (text: string): void => {
    output += text;
    if (until?.test(output) === true) end();
  };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", said);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => {
      clearTimeout(timer);
      resolve({ status, output });
    });
  });
}

/**
 * The reason why no editor can be opened here; false if one can. Only the suites `sidebar` and `vscode` install one.
 */
async function reasonWithoutEditor(): Promise<string | false> {
  const { findChromium, serverFolder } = (await import(pathToFileURL(path.resolve("test/vscode/host.mjs")).href)) as {
    readonly findChromium: () => string | undefined;
    readonly serverFolder: string;
  };
  if (process.platform !== "linux") return "the VS Code that it opens runs on Linux alone";
  if (!existsSync(serverFolder)) return "VS Code is not installed here yet: npm test -- vscode";
  return findChromium() === undefined && "Chromium was not found";
}
