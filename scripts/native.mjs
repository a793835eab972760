// npm run build:native: compiles native/ with the C++ compiler that is there, for the machine this runs on. Without one
// everything works on onnxruntime alone. CXX names another compiler.
import { createHash } from "node:crypto";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ensureInstalled } from "./install.mjs";
import { root } from "./run.mjs";

export const compiler = process.env["CXX"] ?? "c++";
export const commonFlags = [
  "-std=c++17",
  "-O3",
  "-fPIC",
  "-Wall",
  "-Wextra",
  "-fno-math-errno",
  "-ffp-contract=fast",
  "-fvisibility=hidden",
];
const avx2 = ["-mavx2", "-mfma"];
const avx512 = [
  ...avx2,
  "-mavx512f",
  "-mavx512bw",
  "-mavx512vl",
  "-mavx512dq",
  "-mavx512vnni",
  "-mprefer-vector-width=512",
];
/** What the kernels are compiled for; dispatch.cpp chooses among them when a model is loaded. */
export const instructionSets = {
  x64: { scalar: [], avx2, avxvnni: [...avx2, "-mavxvnni"], avx512 },
  arm64: { scalar: [], neon: ["-march=armv8.2-a+dotprod"] },
};

/**
 * Builds dist/native/<platform>-<arch>.node where its sources have changed.
 * @returns why there is none, or undefined.
 */
export async function buildNative() {
  const sets = instructionSets[process.arch];
  if (process.platform === "win32" || sets === undefined)
    return `the native engine is not built for ${process.platform}-${process.arch}`;
  if (spawnSync(compiler, ["--version"]).status !== 0)
    return `the native engine was not built: no C++ compiler (${compiler}) is here`;
  const target = path.join(root, "dist/native", `${process.platform}-${process.arch}.node`);
  const stamp = `${target}.sources`;
  const sources = fingerprint(sets);
  if (existsSync(target) && existsSync(stamp) && readFileSync(stamp, "utf8") === sources) return undefined;

  const objects = path.join(root, "out/native");
  mkdirSync(objects, { recursive: true });
  mkdirSync(path.dirname(target), { recursive: true });
  const include = `-I${path.join(root, "node_modules/node-api-headers/include")}`;
  const units = [
    ...Object.entries(sets).map(([name, flags]) => ({
      source: "kernels/table.cpp",
      object: `table-${name}.o`,
      flags: [...flags, `-DRWKV_ISA=${name}`],
    })),
    ...["kernels/dispatch.cpp", ...engineSources(), "binding.cpp"].map((source) => ({
      source,
      object: `${path.basename(source, ".cpp")}.o`,
      flags: [include],
    })),
  ];
  const compiled = await Promise.all(
    units.map(({ source, object, flags }) =>
      done([...commonFlags, ...flags, "-c", path.join(root, "native", source), "-o", path.join(objects, object)]),
    ),
  );
  const libraries =
    process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : ["-static-libstdc++", "-static-libgcc", "-s"];
  const parts = units.map(({ object }) => path.join(objects, object));
  if (!compiled.every(Boolean) || !(await done(["-shared", "-o", target, ...parts, ...libraries])))
    return "the native engine could not be compiled; what the compiler said is above";
  writeFileSync(stamp, sources);
  return undefined;
}

/** Those of native/engine. */
export function engineSources() {
  return readdirSync(path.join(root, "native/engine"))
    .filter((file) => file.endsWith(".cpp"))
    .map((file) => `engine/${file}`);
}

/** True where a compiler succeeds; what it says is shown. */
export function done(args, program = compiler) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", () => resolve(false));
    child.once("exit", (code) => resolve(code === 0));
  });
}

function fingerprint(sets) {
  const hash = createHash("sha256").update(JSON.stringify([compiler, commonFlags, sets]));
  for (const folder of ["native", "native/kernels", "native/engine"]) {
    for (const file of readdirSync(path.join(root, folder)).sort()) {
      if (/\.(cpp|h)$/.test(file)) hash.update(file).update(readFileSync(path.join(root, folder, file)));
    }
  }
  return hash.digest("hex");
}

if (process.argv[1] === import.meta.filename) {
  ensureInstalled();
  const problem = await buildNative();
  if (problem !== undefined) {
    console.error(problem);
    process.exitCode = 1;
  }
}
