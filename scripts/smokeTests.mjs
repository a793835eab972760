// Runs the tests of whole programs: what the built ones do outside of this process, and that no script or bench has rotted.
import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { installDebianPackage } from "./debian.mjs";
import { nodeTests } from "./nodeTests.mjs";

/** Two files at a time: one of them waits most of its time. */
export function smokeTests() {
  installDebianPackage("strace", () => spawnSync("strace", ["-V"]).error === undefined);
  copyExtension();
  return nodeTests("test/smoke", 2);
}

/** The built programs in a place of their own: scripts that run at the same time write to dist/. */
function copyExtension() {
  const copy = "out/smoke/extension";
  rmSync(copy, { recursive: true, force: true });
  for (const folder of ["dist", "models/default"])
    cpSync(folder, `${copy}/${folder}`, { recursive: true, filter: (file) => !file.endsWith(".vsix") });
}

if (process.argv[1] === import.meta.filename) console.log(await smokeTests());
