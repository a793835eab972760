// npm run test:mutants -- --seed N --count 60 [--in src/core/]: changes the source in one place at a time and runs the
// tests that import it. A mutant survives if they all pass; the survivors are listed at the end.
import esbuild from "esbuild";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { bundling } from "./bundleTests.mjs";
import { mutantsOf } from "./mutations.mjs";
import { node, root } from "./run.mjs";

const folder = "out/mutants";
/** Test files per group. Files of a group run in parallel; a group that fails ends the mutant. */
const groupSize = 8;
/**
 * Limit for a test file without a mutant. With a mutant the limit is a few times what the tests took, so that endless
 * loops are killed.
 */
const longestMs = 600_000;

/**
 * Maps source files to the tests that import them. Tests with few imports come first, because they are about the file.
 */
async function testsBySource() {
  const tests = readdirSync("test/unit").filter((name) => name.endsWith(".test.ts"));
  const entryPoints = tests.map((name) => `test/unit/${name}`);
  const { metafile } = await esbuild.build({ ...bundling, entryPoints, outdir: folder, metafile: true, write: false });
  const bySource = new Map();
  const bundles = Object.values(metafile.outputs)
    .filter(({ entryPoint }) => entryPoint !== undefined)
    .map(({ entryPoint, inputs }) => ({ test: entryPoint, files: Object.keys(inputs) }));
  for (const { test, files } of bundles.sort((a, b) => a.files.length - b.files.length)) {
    for (const file of files.filter((one) => one.startsWith("src/"))) {
      bySource.set(file, [...(bySource.get(file) ?? []), test]);
    }
  }
  return bySource;
}

/** True if a test fails, or takes longer than `timeoutMs`. */
async function isKilled({ file, start, end, change }, tests, outdir, timeoutMs) {
  const text = file === "" ? "" : readFileSync(file, "utf8");
  const contents = text.slice(0, start) + change + text.slice(end);
  const mutate = (build) => {
    build.onLoad({ filter: /\.ts$/ }, ({ path: loaded }) =>
      path.relative(root, loaded).replaceAll("\\", "/") === file ? { contents, loader: "ts" } : undefined,
    );
  };
  for (let at = 0; at < tests.length; at += groupSize) {
    const group = tests.slice(at, at + groupSize);
    try {
      await esbuild.build({
        ...bundling,
        logLevel: "silent",
        entryPoints: group,
        outdir,
        plugins: [{ name: "mutant", setup: mutate }],
      });
    } catch {
      return true; // not a valid program any more
    }
    const files = group.map((test) => path.join(outdir, path.basename(test, ".ts") + ".js"));
    const failed = await new Promise((resolve) => {
      const options = { cwd: root, timeout: 2 * timeoutMs, killSignal: "SIGKILL", maxBuffer: 2 ** 26 };
      execFile(node, ["--test", `--test-timeout=${timeoutMs}`, ...files], options, (error) => resolve(error !== null));
    });
    if (failed) return true;
  }
  return false;
}

/** Random numbers in [0, 1), the same for the same seed. */
function randomFrom(seed) {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

const { values } = parseArgs({
  options: { seed: { type: "string" }, count: { type: "string" }, in: { type: "string" } },
});
const seed = Number(values.seed ?? 1);
const random = randomFrom(seed);
const bySource = await testsBySource();
const all = [...bySource.keys()]
  .sort()
  .filter((file) => file.startsWith(values.in ?? "src/"))
  .flatMap(mutantsOf);
if (all.length === 0) {
  console.error(`no source file imported by a unit test begins with ${values.in}`);
  process.exit(2);
}
const chosen = Array.from({ length: Number(values.count ?? 60) }, () => all[Math.floor(random() * all.length)]);
// Run only the tests that are needed: all of them take minutes.
const needed = [...new Set(chosen.flatMap(({ file }) => bySource.get(file)))];
const begun = performance.now();
if (await isKilled({ file: "", start: 0, end: 0, change: "" }, needed, folder, longestMs)) {
  console.error(`Some tests fail without a mutant; run npm test -- unit first. The tests are: ${needed.join(" ")}`);
  process.exit(1);
}
const timeoutMs = Math.round(30_000 + 4 * (performance.now() - begun));
const survivors = [];
let next = 0;
const work = async (_, worker) => {
  const outdir = path.join(folder, String(worker));
  for (let mutant = chosen[next++]; mutant !== undefined; mutant = chosen[next++]) {
    const killed = await isKilled(mutant, bySource.get(mutant.file), outdir, timeoutMs);
    if (!killed) survivors.push(mutant);
    console.log(`${killed ? "killed  " : "SURVIVED"} ${mutant.at}  ${short(mutant.old)} → ${short(mutant.change)}`);
  }
};
await Promise.all(Array.from({ length: Math.min(2, os.availableParallelism()) }, work));
rmSync(folder, { recursive: true, force: true });
console.log(`\n${chosen.length - survivors.length} of ${chosen.length} killed (seed ${seed}); survivors:`);
for (const { at, old, change } of survivors) console.log(`  ${at}  ${short(old)} → ${short(change)}`);

function short(text) {
  const line = text.replace(/\s+/g, " ");
  return line.length > 70 ? `${line.slice(0, 69)}…` : line;
}
