// npm run build:native [-- PLATFORM]: compiles native/ with an installed C++ compiler, for this machine or another
// platform. The variable CXX can name another compiler for this machine. On Windows, nothing is compiled. Without the
// native engine, models run on onnxruntime.
import { createHash } from "node:crypto";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { byVersion, linkedForOldGlibc, oldestGlibc, versionsNeeded } from "./glibc.mjs";
import { ensureInstalled } from "./install.mjs";
import { root } from "./run.mjs";
import { compilerFor, host } from "./targets.mjs";

const headers = path.join(root, "node_modules/node-api-headers");
export const commonFlags = ["-std=c++17", "-O3", "-Wall", "-Wextra", "-fno-math-errno", "-ffp-contract=fast"];
/** On Windows, stacks are aligned to only 16 bytes, but GCC stores wider vectors there with aligned instructions. */
export const windowsFlags = ["-Wa,-muse-unaligned-vector-move"];
/** VS Code requires macOS 11. */
const macFlags = (arch) => ["-arch", arch === "x64" ? "x86_64" : "arm64", "-mmacosx-version-min=11.0"];
const avx2 = ["-mavx2", "-mfma", "-mf16c"];
const avx512 = [
  ...avx2,
  "-mavx512f",
  "-mavx512bw",
  "-mavx512vl",
  "-mavx512dq",
  "-mavx512vnni",
  "-mprefer-vector-width=512",
];
/** The kernels are compiled once for each of these instruction sets. Loading a model chooses one of them. */
export const instructionSets = {
  x64: { scalar: [], avx2, avxvnni: [...avx2, "-mavxvnni"], avx512 },
  arm64: { scalar: [], neon: ["-march=armv8.2-a+dotprod"] },
};

/**
 * Builds dist/native/<platform>-<arch>.node if its sources have changed.
 * @returns undefined on success; otherwise the reason why there is no binary.
 */
export async function buildNative(target = host) {
  const [platform, arch] = target.split("-");
  const sets = instructionSets[arch];
  const compiler = compilerFor(target);
  if (compiler === undefined || sets === undefined || process.platform === "win32")
    return `the native engine is not built for ${target} on ${host}`;
  if (spawnSync(compiler, ["--version"]).status !== 0)
    return `the native engine was not built: no C++ compiler (${compiler}) was found`;
  const binary = path.join(root, "dist/native", `${target}.node`);
  const stamp = `${binary}.sources`;
  const sources = fingerprint(compiler);
  if (existsSync(binary) && existsSync(stamp) && readFileSync(stamp, "utf8") === sources) return undefined;

  const objects = path.join(root, "out/native", target);
  mkdirSync(objects, { recursive: true });
  mkdirSync(path.dirname(binary), { recursive: true });
  const isWindows = platform === "win32";
  const flags = [
    ...commonFlags,
    ...(isWindows ? windowsFlags : ["-fPIC", "-fvisibility=hidden"]),
    ...(platform === "darwin" ? macFlags(arch) : []),
  ];
  const plain = [
    "kernels/dispatch.cpp",
    ...sourcesIn("engine"),
    ...sourcesIn("binding"),
    ...({ win32: ["windows.cpp"], linux: ["glibc.cpp"] }[platform] ?? []),
  ];
  const units = [
    ...Object.entries(sets).map(([name, own]) => ({
      source: "kernels/table.cpp",
      object: path.join(objects, `table-${name}.o`),
      own: [...own, `-DRWKV_ISA=${name}`],
    })),
    ...plain.map((source) => ({
      source,
      object: path.join(objects, `${path.basename(source, ".cpp")}.o`),
      own: [`-I${headers}/include`],
    })),
  ];
  const compiled = await Promise.all(
    units.map(({ source, object, own }) =>
      done([...flags, ...own, "-c", path.join(root, "native", source), "-o", object], compiler),
    ),
  );
  const parts = units.map(({ object }) => object);
  const link = async (libraries) => done(["-shared", "-o", binary, ...parts, ...libraries], compiler);
  const isLinked =
    compiled.every(Boolean) &&
    (platform === "linux"
      ? await linkForLinux(link, { compiler, arch, binary, objects })
      : await link(await librariesOf(target, objects)));
  if (!isLinked) return "the native engine could not be compiled; see the compiler's output above";
  writeFileSync(stamp, sources);
  return undefined;
}

/** Links for the oldest supported glibc. If the compiler cannot do that, links for this machine's glibc and warns. */
async function linkForLinux(link, { compiler, arch, binary, objects }) {
  const libraries = linkedForOldGlibc(compiler, arch, objects);
  if (libraries !== undefined && (await link(libraries))) {
    const { glibc, libstdcxx, unknown } = versionsNeeded(binary);
    if (libstdcxx === undefined && unknown.length === 0 && byVersion(glibc, oldestGlibc) <= 0) return true;
    console.warn(
      `the native engine needs symbols that an old glibc lacks:  ${[libstdcxx, ...unknown].filter(Boolean).join(", ")}`,
    );
  }
  if (!(await link(["-static-libstdc++", "-static-libgcc", "-s"]))) return false;
  const { glibc = "of this machine's version" } = versionsNeeded(binary);
  console.warn(`the native engine needs glibc ${glibc} or newer; packages must run on ${oldestGlibc}`);
  return true;
}

/** The linker's arguments for macOS and Windows. */
async function librariesOf(target, folder) {
  const [platform, arch] = target.split("-");
  if (platform === "darwin") return [...macFlags(arch), "-undefined", "dynamic_lookup"];
  // On Windows, Node-API is a delay-loaded library, which windows.cpp finds at run time.
  const names = ["js_native_api", "node_api"]
    .flatMap((file) => readFileSync(path.join(headers, "def", `${file}.def`), "utf8").split(/\s+/))
    .filter((name) => /^(node_)?napi_/.test(name));
  const list = path.join(folder, "node.def");
  const library = path.join(folder, "libnode.a");
  writeFileSync(list, ["NAME node.exe", "EXPORTS", ...new Set(names)].join("\n"));
  await done(["-d", list, "-D", "node.exe", "-y", library], "x86_64-w64-mingw32-dlltool");
  return ["-static", "-s", library];
}

/** The C++ files in a folder of native/, with paths relative to native/. */
export function sourcesIn(folder) {
  return readdirSync(path.join(root, "native", folder))
    .filter((file) => file.endsWith(".cpp"))
    .map((file) => `${folder}/${file}`);
}

/** Runs a compiler or linker and shows its output. @returns whether it succeeded. */
export function done(args, program) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", () => resolve(false));
    child.once("exit", (code) => resolve(code === 0));
  });
}

/** A hash of the sources, the compiler's name, and the scripts that contain its options. */
function fingerprint(compiler) {
  const hash = createHash("sha256").update(compiler);
  for (const script of ["native.mjs", "glibc.mjs", "elf.mjs"])
    hash.update(readFileSync(path.join(root, "scripts", script)));
  for (const folder of ["native", "native/kernels", "native/engine", "native/binding"]) {
    for (const file of readdirSync(path.join(root, folder)).sort()) {
      if (/\.(cpp|h)$/.test(file)) hash.update(file).update(readFileSync(path.join(root, folder, file)));
    }
  }
  return hash.digest("hex");
}

if (process.argv[1] === import.meta.filename) {
  ensureInstalled();
  const problem = await buildNative(process.argv[2]);
  if (problem !== undefined) {
    console.error(problem);
    process.exitCode = 1;
  }
}
