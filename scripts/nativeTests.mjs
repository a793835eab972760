// Tests of the native kernels: with the address and undefined-behaviour sanitizers on this machine, and for ARM under qemu
// where a cross compiler and it are here.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { commonFlags, compiler, done, instructionSets } from "./native.mjs";
import { root } from "./run.mjs";

const sanitized = ["-O2", "-g1", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"];

/** @returns {Promise<{passed: number, failed: number, skipped: number}>} */
export async function nativeTests() {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const runs = [
    {
      name: `${process.arch}, with sanitizers`,
      sets: instructionSets[process.arch],
      compilers: [compiler],
      flags: sanitized,
      runner: [],
    },
    {
      name: "arm64, under qemu",
      sets: process.arch === "arm64" ? undefined : instructionSets.arm64,
      compilers: ["aarch64-linux-gnu-g++"],
      flags: ["-static"],
      runner: ["qemu-aarch64"],
    },
  ];
  for (const { name, sets, compilers, flags, runner } of runs) {
    const tools = [...compilers, ...runner];
    const missing = tools.find((tool) => spawnSync(tool, ["--version"]).status !== 0);
    if (sets === undefined || missing !== undefined) {
      console.log(`﹣ kernels on ${name}: ${missing ?? "this processor"} is not there # SKIP`);
      total.skipped++;
      continue;
    }
    console.log(`kernels on ${name}`);
    const program = await built(compilers[0], sets, flags);
    const [file, ...args] = [...runner, program];
    const { stdout = "", stderr = "" } = program === undefined ? {} : spawnSync(file, args, { encoding: "utf8" });
    console.log(stdout + stderr);
    const [, passed = 0, failed = 1] = /^(\d+) passed, (\d+) failed$/m.exec(stdout) ?? [];
    total.passed += Number(passed);
    total.failed += Number(failed);
  }
  return total;
}

/** The test program; undefined where it could not be compiled. */
async function built(program, sets, flags) {
  const folder = path.join(root, "out/native-tests", path.basename(program));
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
  const target = path.join(folder, "kernels");
  const sources = ["test/kernels.cpp", "kernels/dispatch.cpp", "engine/weights.cpp"].map(native);
  const objects = tables.map(({ object }) => object);
  const isLinked =
    compiled.every(Boolean) &&
    (await done([...commonFlags, ...flags, "-O1", ...sources, ...objects, "-o", target], program));
  return isLinked ? target : undefined;
}
