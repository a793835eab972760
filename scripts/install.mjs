// Installs the npm packages of a folder if they are missing or the lock file has changed.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mustRun, root } from "./run.mjs";

export function ensureInstalled(folder = root) {
  const lock = createHash("sha256")
    .update(readFileSync(path.join(folder, "package-lock.json")))
    .digest("hex");
  const stamp = path.join(folder, "node_modules/.lock-sha256");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.log(`installing the packages of ${path.relative(path.dirname(root), folder)} …`);
  // onnxruntime-node's install script downloads CUDA libraries that we do not use, and fails without a network.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" };
  // With NODE_ENV=production npm would leave out the packages that builds and tests need.
  const args = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  mustRun("npm", args, { cwd: folder, env });
  writeFileSync(stamp, lock);
}
