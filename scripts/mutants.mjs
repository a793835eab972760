// npm run test:mutants -- --seed N[,N…] --count 60 [--in src/core/]: makes random mutants of the source, each with one
// change, and runs the test files that reach the change, the fastest first. The files are those of four suites. A
// mutant survives if all of its tests pass. The survivors are listed at the end.
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildMutants, mutantRoot } from "./mutantRoot.mjs";
import { mutantsOf } from "./mutations.mjs";
import { node } from "./run.mjs";

/** Maximum number of test files per mutant. If the fastest ones do not kill it, the others hardly ever do. */
const maxTests = 40;

/** Returns a generator of random numbers in [0, 1). The seed determines them. */
function randomFrom(seed) {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

function sourceFiles(prefix) {
  const names = readdirSync("src", { recursive: true }).map((name) => `src/${name.replaceAll("\\", "/")}`);
  return names.filter((name) => name.endsWith(".ts") && name.startsWith(prefix)).sort();
}

/** Runs a test file. @returns whether it passed, and how long it took. */
async function runTest(test, env, timeout = 0) {
  const begun = performance.now();
  const options = {
    cwd: mutantRoot,
    env: { ...process.env, ...env },
    timeout,
    killSignal: "SIGKILL",
    maxBuffer: 2 ** 26,
  };
  const passed = await new Promise((resolve) => {
    execFile(node, [path.join("out", test)], options, (error) => resolve(error === null));
  });
  return { test, passed, ms: performance.now() - begun };
}

/** Calls `work` for each item. Up to two calls run at the same time. */
async function forEach(items, work) {
  const rest = [...items];
  const next = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(2, os.availableParallelism()) }, next));
}

const { values } = parseArgs({
  options: { seed: { type: "string" }, count: { type: "string" }, in: { type: "string" } },
});
const all = sourceFiles(values.in ?? "src/").flatMap(mutantsOf);
const chosen = (values.seed ?? "1").split(",").flatMap((seed) => {
  const random = randomFrom(Number(seed));
  const chooseOne = () => all[Math.floor(random() * all.length)];
  return Array.from({ length: Number(values.count ?? 60) }, () => ({ seed, ...chooseOne() }));
});
const mutants = chosen.map((mutant, id) => ({ ...mutant, id, tests: [] }));
await forEach(await buildMutants(mutants), async (test) => {
  const log = path.join(mutantRoot, "out", `${test}.log`);
  const { passed, ms } = await runTest(test, { MUTANT_LOG: log });
  if (!passed) return console.log(`${test} fails without a mutant and is not used`);
  const reached = existsSync(log) ? new Set(readFileSync(log, "utf8").split("\n")) : new Set();
  for (const { id, tests } of mutants) if (reached.has(`${id}`)) tests.push({ test, ms });
});
await forEach(mutants, async (mutant) => {
  for (const { test, ms } of mutant.tests.sort((a, b) => a.ms - b.ms).slice(0, maxTests)) {
    // A mutant may loop forever, so the time is limited. The limit is generous, because the machine's load varies.
    const { passed } = await runTest(test, { MUTANT: `${mutant.id}` }, Math.round(30_000 + 5 * ms));
    if (!passed) mutant.killer ??= test;
    if (!passed) break;
  }
  const result = mutant.killer === undefined ? "SURVIVED" : `killed by ${mutant.killer}`;
  console.log(`${result}: ${line(mutant)}`);
});
rmSync("out/mutants", { recursive: true, force: true });
for (const seed of new Set(mutants.map((mutant) => mutant.seed))) {
  const ones = mutants.filter((mutant) => mutant.seed === seed);
  const survivors = ones.filter(({ killer }) => killer === undefined);
  console.log(`\n${ones.length - survivors.length} of ${ones.length} killed (seed ${seed}); survivors:`);
  for (const survivor of survivors) console.log(`  ${line(survivor)}`);
}

function line({ at, old, change, tests }) {
  const short = (text) => text.replace(/\s+/g, " ").slice(0, 70);
  return `${at}  ${short(old)} → ${short(change)}${tests.length === 0 ? "  (no test reaches it)" : ""}`;
}
