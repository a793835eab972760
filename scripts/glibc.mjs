// Links the native engine for an old glibc, even if this machine has a newer one. glibc's symbols are versioned, and
// the linker uses the newest version of a symbol that a library defines. A binary with pthread_create of glibc 2.34
// does not load on Ubuntu 20.04. Therefore the engine is linked against stub libraries without code. They define the
// same symbols as this machine's glibc, but each symbol only in its newest version that is old enough. glibc still
// contains such versions, for old binaries. Nothing is downloaded.
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { dynamicSymbols } from "./elf.mjs";

/** The oldest glibc that the packages support. Debian 10, RHEL 8 and Ubuntu 18.10 have it. */
export const oldestGlibc = "2.28";

const loaders = { x64: "ld-linux-x86-64.so.2", arm64: "ld-linux-aarch64.so.1" };
const libstdcxx = ["-Wl,-Bstatic", "-lstdc++", "-lgcc", "-lgcc_eh", "-Wl,-Bdynamic"];

/**
 * Makes the stub libraries in a folder.
 * @returns the linker's arguments; undefined if the compiler does not use glibc, or the stubs cannot be linked.
 */
export function linkedForOldGlibc(compiler, arch, folder) {
  const libraries = ["libc.so.6", "libm.so.6", "libpthread.so.0", loaders[arch]];
  const files = libraries.map((name) => pathOf(compiler, name));
  if (files.some((file) => file === undefined)) return undefined;
  const standIns = libraries.map((name, i) => standIn(compiler, { name, folder, symbols: symbolsOf(files[i]) }));
  if (standIns.includes(undefined)) return undefined;
  const rest = pathOf(compiler, "libc_nonshared.a");
  return [
    // Drops functions of libstdc++ that nothing calls, because some need symbols that an old glibc lacks.
    "-Wl,--gc-sections",
    // Node's executable exports the symbols of its own libstdc++. Our libstdc++ must not be mixed with it.
    "-Wl,--exclude-libs,ALL",
    "-nodefaultlibs",
    ...libstdcxx,
    // Makes the binary load libpthread even if no symbol refers to it: before glibc 2.34, it contained pthread_create.
    "-Wl,--no-as-needed",
    ...standIns,
    ...(rest === undefined ? [] : [rest]),
    "-s",
  ];
}

/**
 * The newest version of glibc that a binary requires, such as "2.27", and of libstdc++ if that is linked dynamically.
 */
export function versionsNeeded(file) {
  const undefinedOnes = dynamicSymbols(file).filter(({ isDefined }) => !isDefined);
  const newest = (prefix) =>
    undefinedOnes
      .flatMap(({ version = "" }) => (version.startsWith(prefix) ? [version.slice(prefix.length)] : []))
      .toSorted(byVersion)
      .at(-1);
  return {
    glibc: newest("GLIBC_"),
    libstdcxx: newest("GLIBCXX_") ?? newest("CXXABI_"),
    /** The undefined symbols that no stub library defines, except weak ones and those of Node-API. */
    unknown: undefinedOnes
      .filter(({ version, isWeak, name }) => version === undefined && !isWeak && !/^(node_)?napi_/.test(name))
      .map(({ name }) => name),
  };
}

/** Compares versions for sorting, for instance "2.4" before "2.14". */
export function byVersion(a, b) {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  const at = left.findIndex((part, i) => part !== (right[i] ?? 0));
  return at < 0 ? 0 : left[at] - (right[at] ?? 0);
}

/** The path of the library with this name that the compiler uses; undefined if there is none. */
function pathOf(compiler, name) {
  const file = spawnSync(compiler, [`-print-file-name=${name}`], { encoding: "utf8" }).stdout?.trim() ?? "";
  return path.isAbsolute(file) && existsSync(file) ? file : undefined;
}

/** The symbols of a library, each in its newest version up to `oldestGlibc`. */
function symbolsOf(file) {
  const chosen = new Map();
  for (const symbol of dynamicSymbols(file)) {
    const version = /^GLIBC_([\d.]+)$/.exec(symbol.version ?? "")?.[1];
    if (!symbol.isDefined || version === undefined || byVersion(version, oldestGlibc) > 0) continue;
    const known = chosen.get(symbol.name);
    if (known === undefined || byVersion(known.version, version) < 0) chosen.set(symbol.name, { ...symbol, version });
  }
  return [...chosen.values()].filter(({ name }) => !name.startsWith("GLIBC_"));
}

/** Makes a stub library without code. @returns its path; undefined if that failed. */
function standIn(compiler, { name, folder, symbols }) {
  const [assembly, script, library] = [".s", ".map", ""].map((end) => path.join(folder, `${name}${end}`));
  const lines = symbols.flatMap((symbol, i) => [
    `.symver s${i}, ${symbol.name}@@GLIBC_${symbol.version}`,
    `.globl s${i}`,
    `.type s${i}, %${symbol.isObject ? "object" : "function"}`,
    `.size s${i}, 8`,
    `s${i}: .quad 0`,
  ]);
  const versions = [...new Set(symbols.map(({ version }) => version))].sort(byVersion);
  writeFileSync(assembly, `${lines.join("\n")}\n`);
  writeFileSync(script, versions.map((version) => `GLIBC_${version} {};\n`).join(""));
  const args = [
    "-shared",
    "-nostdlib",
    `-Wl,-soname,${name}`,
    `-Wl,--version-script,${script}`,
    "-o",
    library,
    assembly,
  ];
  return spawnSync(compiler, args, { stdio: ["ignore", "ignore", "inherit"] }).status === 0 ? library : undefined;
}
