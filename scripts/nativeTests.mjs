// Tests the native engine. All tests run on this machine with the address and undefined-behavior sanitizers; the thread
// tests also run with the thread sanitizer. If a cross compiler and an emulator are installed, the kernels are also
// tested for ARM under qemu and for Windows under wine.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { commonFlags, done, sourcesIn, instructionSets, windowsFlags } from "./native.mjs";
import { root } from "./run.mjs";
import { compilerFor, host } from "./targets.mjs";

const folder = path.join(root, "out/native-tests");
const native = (file) => path.join(root, "native", file);
/** The environment of test programs. Wine keeps its files in the test folder and prints no log. */
const env = { ...process.env, WINEPREFIX: path.join(folder, "wine"), WINEDEBUG: "-all" };

/** @returns {Promise<{passed: number, failed: number, skipped: number}>} */
export async function nativeTests() {
  mkdirSync(folder, { recursive: true });
  const total = { passed: 0, failed: 0, skipped: 0 };
  const own = instructionSets[process.arch];
  const kernels = ["test/kernels.cpp", "test/recurrences.cpp", "engine/weights.cpp", "engine/arena.cpp"];
  const threads = ["test/thread_pool.cpp", ...sourcesIn("engine")];
  // -O1, because higher levels take minutes to compile with sanitizers.
  const sanitized = (names) => ["-O1", "-g1", `-fsanitize=${names}`, "-fno-sanitize-recover"];
  const runs = [
    {
      name: `kernels on ${process.arch}, with sanitizers`,
      sources: kernels,
      sets: own,
      flags: sanitized("address,undefined"),
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
    {
      name: `packed states on ${process.arch}, with sanitizers`,
      sources: ["test/packed_state.cpp", "engine/packed_state.cpp"],
      sets: own,
      flags: sanitized("address,undefined"),
    },
    ...["address,undefined", "thread"].map((names) => ({
      name: `threads on ${process.arch}, with the sanitizer of ${names}`,
      sources: threads,
      sets: own,
      flags: sanitized(names),
    })),
  ];
  for (const { name, runner = [], program = compilerFor(host), sets, ...how } of runs) {
    const missing =
      [program, ...runner].find((tool) => spawnSync(tool, ["--version"]).status !== 0) ??
      how.flags.find((flag) => flag.startsWith("-fsanitize=") && !runsWith(program, flag));
    if (sets === undefined || missing !== undefined) {
      console.log(`﹣ ${name}: ${missing ?? "this processor"} was not found # SKIP`);
      total.skipped++;
      continue;
    }
    console.log(name);
    const test = await built({ ...how, program, sets, name: name.replace(/\W+/g, "-") });
    const [file, ...args] = [...runner, test];
    const {
      status = 1,
      stdout = "",
      stderr = "",
    } = test === undefined ? {} : spawnSync(file, args, { encoding: "utf8", env });
    console.log(stdout + stderr);
    const [, passed = 0, failed = 1] = /^(\d+) passed, (\d+) failed$/m.exec(stdout) ?? [];
    total.passed += Number(passed);
    // A report of a sanitizer counts as a failure, even if all tests pass.
    total.failed += Number(failed) === 0 && status !== 0 ? 1 : Number(failed);
  }
  return total;
}

/** Whether an empty program runs with a sanitizer. Some compilers come without its libraries. */
function runsWith(program, flag) {
  const empty = path.join(folder, "empty");
  const compiled = spawnSync(program, [flag, "-x", "c++", "-", "-o", empty], { input: "int main() {}\n" });
  return compiled.status === 0 && spawnSync(empty).status === 0;
}

/** Compiles a test program. @returns its path; undefined if that failed. */
async function built({ program, sets, sources, flags, name }) {
  const tables = await compiledTables({ program, sets, flags });
  if (tables === undefined) return undefined;
  const target = path.join(folder, `${name}.exe`); // only Windows requires this extension
  const files = [...sources, "kernels/dispatch.cpp"].map(native);
  const args = [...commonFlags, ...flags, "-O1", "-pthread", ...files, ...tables, "-o", target];
  return (await done(args, program)) ? target : undefined;
}

const compiled = new Map();

/**
 * Compiles the kernels for each instruction set, once for all test programs with the same flags.
 * @returns the object files; undefined if that failed.
 */
function compiledTables({ program, sets, flags }) {
  const key = [program, ...Object.keys(sets), ...flags].join(" ").replace(/[^\w=]+/g, "-");
  if (!compiled.has(key)) compiled.set(key, compileTables({ program, sets, flags, prefix: path.join(folder, key) }));
  return compiled.get(key);
}

async function compileTables({ program, sets, flags, prefix }) {
  const objects = Object.keys(sets).map((set) => `${prefix}-${set}.o`);
  const isCompiled = await Promise.all(
    Object.entries(sets).map(([set, own], i) => {
      const args = [...commonFlags, ...flags, ...own, `-DRWKV_ISA=${set}`, "-c", native("kernels/table.cpp")];
      return done([...args, "-o", objects[i]], program);
    }),
  );
  return isCompiled.every(Boolean) ? objects : undefined;
}
