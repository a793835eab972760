// Runs the tests of training/. If a requirement is missing, prints its name and skips the tests.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { root } from "./run.mjs";

const pythons = ["python3", "/usr/bin/python3"];

/** @returns {Promise<{passed: number, failed: number, skipped: number}>} */
export async function trainingTests() {
  const python = pythons.find((program) => spawnSync(program, ["-c", "import numpy, torch"]).status === 0);
  const missing = python === undefined ? "a Python with PyTorch (Debian's python3-torch)" : missingCompiler();
  if (missing !== undefined) {
    console.log(`﹣ training/: ${missing} was not found # SKIP`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const { status, stderr } = spawnSync(python, ["-m", "unittest", "-v"], {
    cwd: path.join(root, "training"),
    encoding: "utf8",
  });
  console.log(stderr.trim());
  const ran = Number(/^Ran (\d+) tests?/m.exec(stderr)?.[1] ?? 0);
  const failed = [...stderr.matchAll(/^(?:FAIL|ERROR): /gm)].length;
  const skipped = Number(/^(?:OK|FAILED) \(.*\bskipped=(\d+)/m.exec(stderr)?.[1] ?? 0);
  return { passed: Math.max(0, ran - failed - skipped), failed: status === 0 ? 0 : Math.max(1, failed), skipped };
}

/**
 * Names the missing requirement for compiling the kernels; undefined if nothing is missing. The CPU kernels need Linux
 * and gcc. The CUDA kernels are emulated with C++20 threads, which need a newer g++.
 */
function missingCompiler() {
  if (process.platform !== "linux") return "Linux";
  if (spawnSync("gcc", ["--version"]).status !== 0) return "gcc";
  const barrier = ["-std=c++20", "-fsyntax-only", "-x", "c++", "-"];
  const { status } = spawnSync("g++", barrier, { input: "#include <barrier>\n" });
  return status === 0 ? undefined : "a g++ with <barrier> (11 or newer)";
}
