// Runs the node:test files of a folder and counts what passed.
import path from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { bundleTests } from "./bundleTests.mjs";

/** @returns {Promise<{passed: number, failed: number, skipped: number}>} */
export async function nodeTests(folder, concurrency) {
  const files = (await bundleTests(folder)).map((file) => path.resolve(file));
  const counts = { passed: 0, failed: 0, skipped: 0 };
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

if (process.argv[1] === import.meta.filename) {
  console.log(await nodeTests(process.argv[2], 2));
}
