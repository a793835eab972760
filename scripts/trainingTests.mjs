// Runs the tests of training/ where a Python with PyTorch is found; elsewhere it says what they need and skips them.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { root } from "./run.mjs";

const pythons = ["python3", "/usr/bin/python3"];

/** @returns {Promise<{passed: number, failed: number, skipped: number}>} */
export async function trainingTests() {
  const python = pythons.find((program) => spawnSync(program, ["-c", "import numpy, torch"]).status === 0);
  const hasCompiler = spawnSync("gcc", ["--version"]).status === 0;
  if (python === undefined || !hasCompiler) {
    console.log("﹣ training/: no Python with PyTorch and gcc are here (Debian's python3-torch and gcc) # SKIP");
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const { status, stderr } = spawnSync(python, ["-m", "unittest", "-v"], {
    cwd: path.join(root, "training"),
    encoding: "utf8",
  });
  console.log(stderr.trim());
  const ran = Number(/^Ran (\d+) tests?/m.exec(stderr)?.[1] ?? 0);
  const failed = [...stderr.matchAll(/^(?:FAIL|ERROR): /gm)].length;
  return { passed: Math.max(0, ran - failed), failed: status === 0 ? 0 : Math.max(1, failed), skipped: 0 };
}
