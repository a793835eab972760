// Tests of the native engine: of its kernels with the address and undefined-behaviour sanitizers on this machine, and for
// ARM under qemu and for Windows under wine where a cross compiler and they are here; of its threads with the thread
// sanitizer.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { commonFlags, done, sourcesIn, instructionSets, windowsFlags } from "./native.mjs";
import { root } from "./run.mjs";
import { compilerFor, host } from "./targets.mjs";

/** wine keeps its own files where the tests do, and says nothing of itself. */
const env = { ...process.env, WINEPREFIX: path.join(root, "out/native-tests/wine"), WINEDEBUG: "-all" };

/** @returns {Promise<{passed: number, failed: number, skipped: number}>} */
export async function nativeTests() {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const own = instructionSets[process.arch];
  const kernels = ["test/kernels.cpp", "engine/weights.cpp", "engine/arena.cpp"];
  const runs = [
    {
      name: `kernels on ${process.arch}, with sanitizers`,
      sources: kernels,
      sets: own,
      flags: ["-O2", "-g1", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"],
    },
    {
      name: "kernels on arm64, under qemu",
      sources: kernels,
      sets: process.arch === "arm64" ? undefined : instructionSets.arm64,
      program: compilerFor("linux-arm64"),
      flags: ["-static"],
      runner: ["qemu-aarch64"],
    },
    {
      name: "kernels on Windows, under wine",
      sources: kernels,
      sets: host === "linux-x64" ? own : undefined,
      program: compilerFor("win32-x64"),
      flags: ["-static", ...windowsFlags],
      runner: ["wine"],
    },
    ...["thread", "address,undefined"].map((sanitizer) => ({
      name: `threads on ${process.arch}, with the sanitizer of ${sanitizer}`,
      sources: ["test/team.cpp", ...sourcesIn("engine")],
      sets: own,
      flags: ["-O1", "-g1", `-fsanitize=${sanitizer}`, "-fno-sanitize-recover"],
    })),
  ];
  for (const { name, runner = [], program = compilerFor(host), sets, ...how } of runs) {
    const missing =
      [program, ...runner].find((tool) => spawnSync(tool, ["--version"]).status !== 0) ??
      how.flags.find((flag) => flag.startsWith("-fsanitize=") && !runsWith(program, flag));
    if (sets === undefined || missing !== undefined) {
      console.log(`﹣ ${name}: ${missing ?? "this processor"} is not there # SKIP`);
      total.skipped++;
      continue;
    }
    console.log(name);
    const test = await built({
      ...how,
      program,
      sets,
      folder: path.join(root, "out/native-tests", name.replace(/\W+/g, "-")),
    });
    const [file, ...args] = [...runner, test];
    const {
      status = 1,
      stdout = "",
      stderr = "",
    } = test === undefined ? {} : spawnSync(file, args, { encoding: "utf8", env });
    console.log(stdout + stderr);
    const [, passed = 0, failed = 1] = /^(\d+) passed, (\d+) failed$/m.exec(stdout) ?? [];
    total.passed += Number(passed);
    // A sanitizer's report is a failure, whatever the test itself found.
    total.failed += Number(failed) === 0 && status !== 0 ? 1 : Number(failed);
  }
  return total;
}

/** Whether an empty program runs with a sanitizer: compilers come without what it is linked to. */
function runsWith(program, flag) {
  const folder = path.join(root, "out/native-tests");
  mkdirSync(folder, { recursive: true });
  const empty = path.join(folder, "empty");
  const compiled = spawnSync(program, [flag, "-x", "c++", "-", "-o", empty], { input: "int main() {}\n" });
  return compiled.status === 0 && spawnSync(empty).status === 0;
}

/** The test program; undefined where it could not be compiled. */
async function built({ program, sets, sources, flags, folder }) {
  mkdirSync(folder, { recursive: true });
  const native = (file) => path.join(root, "native", file);
  const tables = Object.entries(sets).map(([name, own]) => ({
    object: path.join(folder, `table-${name}.o`),
    args: [...own, `-DRWKV_ISA=${name}`],
  }));
  const compiled = await Promise.all(
    tables.map(({ object, args }) =>
      done([...commonFlags, ...flags, ...args, "-c", native("kernels/table.cpp"), "-o", object], program),
    ),
  );
  const target = path.join(folder, "test.exe"); // only Windows minds
  const files = [...sources, "kernels/dispatch.cpp"].map(native);
  const objects = tables.map(({ object }) => object);
  const isLinked =
    compiled.every(Boolean) &&
    (await done([...commonFlags, ...flags, "-O1", "-pthread", ...files, ...objects, "-o", target], program));
  return isLinked ? target : undefined;
}
