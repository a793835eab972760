// npm run check: checks types, lint, format, and import directions. All but the last are cached in out/check, so that
// only changed files cost time. --no-cache deletes the cache first.
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { ensureInstalled } from "./install.mjs";
import { node, root, run } from "./run.mjs";

const cache = (name) => path.join("out", "check", name);
const bin = (pkg, file) => path.join(root, "node_modules", pkg, file);

const types = (project) => () => {
  const info = cache(`${project.replaceAll("/", "-")}.tsbuildinfo`);
  const args = ["--noEmit", "--incremental", "--tsBuildInfoFile", info, "-p", project];
  return run(node, [bin("typescript", "bin/tsc"), ...args]);
};
const cached = (name) => ["--cache", "--cache-strategy", "content", "--cache-location", cache(name)];
const projects = ["src", "src/extension", "media", "test", "test/view", "test/sidebar"];
const checks = {
  ...Object.fromEntries(projects.map((project) => [`types of ${project}`, types(project)])),
  lint: () => run(node, [bin("eslint", "bin/eslint.js"), ...cached("eslint"), "--max-warnings", "0", "."]),
  format: () =>
    run(node, [bin("prettier", "bin/prettier.cjs"), ...cached("prettier"), "--check", "--log-level", "warn", "."]),
  imports: () => run(node, [bin("dependency-cruiser", "bin/dependency-cruise.mjs"), "src", "media/chat"]),
};

/** @returns {Promise<{passed: number, failed: number, skipped: number}>} */
export async function check() {
  mkdirSync(path.join(root, cache("")), { recursive: true });
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, runCheck] of Object.entries(checks)) {
    const isGood = runCheck() === 0;
    counts[isGood ? "passed" : "failed"]++;
    console.log(`${isGood ? "✔" : "✖"} ${name}`);
  }
  return counts;
}

if (process.argv[1] === import.meta.filename) {
  ensureInstalled();
  if (process.argv.includes("--no-cache")) rmSync(path.join(root, cache("")), { recursive: true, force: true });
  const { failed } = await check();
  process.exitCode = failed === 0 ? 0 : 1;
}
