// npm run check: checks types, lint, format and import directions, two checks at a time. All results but those of
// import directions are cached in out/check, so only changed files are checked again. --no-cache deletes the cache
// first.
import { execFile } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { ensureInstalled } from "./install.mjs";
import { node, root } from "./run.mjs";

const cache = (name) => path.join("out", "check", name);
const bin = (pkg, file) => path.join(root, "node_modules", pkg, file);

const types = (project) => {
  const info = cache(`${project.replaceAll("/", "-")}.tsbuildinfo`);
  return [bin("typescript", "bin/tsc"), "--noEmit", "--incremental", "--tsBuildInfoFile", info, "-p", project];
};
const cached = (name) => ["--cache", "--cache-strategy", "content", "--cache-location", cache(name)];
const projects = ["src", "src/extension", "media", "test", "test/view", "test/sidebar"];
/** Node's arguments for each check. The slowest check comes first, so that the others run while it is running. */
const checks = {
  lint: [bin("eslint", "bin/eslint.js"), ...cached("eslint"), "--max-warnings", "0", "."],
  ...Object.fromEntries(projects.map((project) => [`types of ${project}`, types(project)])),
  format: [bin("prettier", "bin/prettier.cjs"), ...cached("prettier"), "--check", "--log-level", "warn", "."],
  imports: [bin("dependency-cruiser", "bin/dependency-cruise.mjs"), "src", "media/chat"],
};

/** @returns {Promise<{passed: number, failed: number, skipped: number}>} */
export async function check() {
  mkdirSync(path.join(root, cache("")), { recursive: true });
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const left = Object.entries(checks);
  const runRest = async () => {
    for (let next; (next = left.shift()) !== undefined;) {
      const [name, args] = next;
      const { isGood, output } = await ran(args);
      counts[isGood ? "passed" : "failed"]++;
      console.log(`${output}${isGood ? "✔" : "✖"} ${name}`);
    }
  };
  await Promise.all([runRest(), runRest()]);
  return counts;
}

/** Runs Node. Resolves with its output, and whether it succeeded. */
function ran(args) {
  return new Promise((resolve) => {
    execFile(node, args, { cwd: root, maxBuffer: Infinity }, (error, stdout, stderr) => {
      resolve({ isGood: error === null, output: stdout + stderr });
    });
  });
}

if (process.argv[1] === import.meta.filename) {
  ensureInstalled();
  if (process.argv.includes("--no-cache")) rmSync(path.join(root, cache("")), { recursive: true, force: true });
  const { failed } = await check();
  process.exitCode = failed === 0 ? 0 : 1;
}
