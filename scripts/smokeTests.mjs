// Runs the suite for whole programs. It checks that the built programs do not use the network, and that the scripts and
// benchmarks run (with small inputs).
import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { installDebianPackage } from "./debian.mjs";
import { nodeTests } from "./nodeTests.mjs";

/** Runs two files at a time, because one of them spends most of its time waiting. */
export function smokeTests() {
  installDebianPackage("strace", () => spawnSync("strace", ["-V"]).error === undefined);
  copyExtension();
  return nodeTests("test/smoke", 2);
}

/** Copies the built programs, because scripts that are tested at the same time write to dist/. */
function copyExtension() {
  const copy = "out/smoke/extension";
  rmSync(copy, { recursive: true, force: true });
  for (const folder of ["dist", "models/default"])
    cpSync(folder, `${copy}/${folder}`, { recursive: true, filter: (file) => !file.endsWith(".vsix") });
}

if (process.argv[1] === import.meta.filename) console.log(await smokeTests());
