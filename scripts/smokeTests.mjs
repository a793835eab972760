// Runs the tests of whole programs: what the built ones do beyond this process, and that no script or bench has rotted.
import { spawnSync } from "node:child_process";
import { installDebianPackage } from "./debian.mjs";
import { nodeTests } from "./nodeTests.mjs";

/** Two files at a time: one of them waits most of its time. */
export function smokeTests() {
  installDebianPackage("strace", () => spawnSync("strace", ["-V"]).error === undefined);
  return nodeTests("test/smoke", 2);
}
