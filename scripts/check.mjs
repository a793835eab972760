// npm run check: types, lint, format, and who imports whom.
import path from "node:path";
import { ensureInstalled } from "./install.mjs";
import { node, root, run } from "./run.mjs";

const bin = (pkg, file) => path.join(root, "node_modules", pkg, file);
const checks = {
  "types of src": () => run(node, [bin("typescript", "bin/tsc"), "-p", "src"]),
  "types of src/extension": () => run(node, [bin("typescript", "bin/tsc"), "-p", "src/extension"]),
  "types of media": () => run(node, [bin("typescript", "bin/tsc"), "-p", "media"]),
  "types of test": () => run(node, [bin("typescript", "bin/tsc"), "-p", "test"]),
  "types of test/view": () => run(node, [bin("typescript", "bin/tsc"), "-p", "test/view"]),
  "types of test/sidebar": () => run(node, [bin("typescript", "bin/tsc"), "-p", "test/sidebar"]),
  lint: () => run(node, [bin("eslint", "bin/eslint.js"), "--max-warnings", "0", "."]),
  format: () => run(node, [bin("prettier", "bin/prettier.cjs"), "--check", "--log-level", "warn", "."]),
  imports: () => run(node, [bin("dependency-cruiser", "bin/dependency-cruise.mjs"), "src", "media/chat"]),
};

/** @returns {Promise<{passed: number, failed: number, skipped: number}>} */
export async function check() {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, runCheck] of Object.entries(checks)) {
    const isGood = (await runCheck()) === 0;
    counts[isGood ? "passed" : "failed"]++;
    console.log(`${isGood ? "✔" : "✖"} ${name}`);
  }
  return counts;
}

if (process.argv[1] === import.meta.filename) {
  ensureInstalled();
  const { failed } = await check();
  process.exitCode = failed === 0 ? 0 : 1;
}
