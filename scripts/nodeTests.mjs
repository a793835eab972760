// Runs the node:test files of a folder, or only the named ones, and counts the results.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { bundleTests } from "./bundleTests.mjs";
import { node } from "./run.mjs";

/** @returns {Promise<{passed: number, failed: number, skipped: number}>} */
export async function nodeTests(folder, concurrency, names = []) {
  const files = (await bundleTests(folder, names)).map((file) => path.resolve(file));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  if (files.length === 0) return counts; // without files, node:test would search for some itself
  const stream = run({ files, concurrency });
  stream.on("test:pass", ({ skip, details }) => {
    if (details.type === "suite") return;
    counts[skip === undefined ? "passed" : "skipped"]++;
  });
  stream.on("test:fail", ({ details }) => {
    if (details.type !== "suite") counts.failed++;
  });
  const report = stream.compose(new spec());
  for await (const line of report) process.stdout.write(line);
  return counts;
}

/** Runs the tests. After each change of a file, reruns the tests that import it, until the process is stopped. */
export async function watchTests(folder, names) {
  const files = await bundleTests(folder, names, true);
  // `spawnSync` would block this process, in which esbuild watches the files.
  await once(spawn(node, ["--test", "--watch", ...files], { stdio: "inherit" }), "exit");
  process.exit();
}

if (process.argv[1] === import.meta.filename) {
  console.log(await nodeTests(process.argv[2], 2));
}
