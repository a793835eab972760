/** What no engine can be loaded for: the message has each reason, and the remedy that fits them. */
export class EngineError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EngineError";
  }
}

/** The machine, as far as a remedy depends on it. */
export interface System {
  readonly platform: string;
  readonly arch: string;
  /** For instance 2.31; undefined if the C library is another one, such as musl. */
  readonly glibc: string | undefined;
}

/** Why each engine does not run. */
export interface EngineProblems {
  readonly native: string;
  readonly onnxruntime: string;
}

/** Binaries of packages are linked for this one (scripts/glibc.mjs). */
export const oldestGlibc = "2.28";

export function currentSystem(): System {
  const { platform, arch } = process;
  if (platform !== "linux") return { platform, arch, glibc: undefined };
  const { header } = process.report.getReport() as { readonly header: { readonly glibcVersionRuntime?: string } };
  return { platform, arch, glibc: header.glibcVersionRuntime };
}

/** Neither engine runs: both reasons, and what to do. */
export function noEngine(problems: EngineProblems, system = currentSystem()): EngineError {
  const { native, onnxruntime } = problems;
  const remedy = remedyFor(`${native}\n${onnxruntime}`, system);
  return new EngineError(
    `No engine runs the model here. Native engine: ${native}. onnxruntime: ${onnxruntime}. ${remedy}`,
  );
}

/** By cause, as dlopen and Node word it on each system. */
export function remedyFor(reasons: string, { platform, arch, glibc }: System): string {
  const reinstall = `Install the extension built for ${platform}-${arch} again.`;
  if (platform === "linux" && (glibc === undefined || /Error relocating|ld-linux-.*No such file/.test(reasons))) {
    return "This system's C library is not glibc (Alpine has musl): use a system or a container with glibc, such as Debian.";
  }
  if (glibc !== undefined && isOlder(glibc, oldestGlibc)) {
    return `This system's glibc ${glibc} is too old: ${oldestGlibc} or newer is needed (Debian 10, Ubuntu 20.04, RHEL 8).`;
  }
  if (/failed to map segment|Operation not permitted|Permission denied|library load disallowed/.test(reasons)) {
    return "The folder of the extension may not hold programs (it is mounted noexec, or a policy forbids it): allow that, or have VS Code keep its extensions elsewhere (--extensions-dir).";
  }
  const library = /(lib[\w+.-]+\.so[\d.]*): cannot open shared object file/.exec(reasons)?.[1];
  if (library !== undefined && !library.startsWith("libonnxruntime")) {
    return `The library ${library} is missing: install it with the system's package manager.`;
  }
  // The extension has onnxruntime in its bundles; to the npm package it is an optional peer.
  if (reasons.includes("Cannot find package 'onnxruntime-node'")) {
    return "Install onnxruntime beside rwkv-code: npm install onnxruntime-node --ignore-scripts";
  }
  // Windows words it in its own language and names no library: what onnxruntime.dll is linked with is not there.
  if (platform === "win32" && !/Cannot find module|is missing/.test(reasons)) {
    return `Install the Microsoft Visual C++ Redistributable 2015–2022 (vc_redist.${arch}.exe), then run "RWKV Code: Restart Server". ${reinstall.replace("Install", "If that does not help, install")}`;
  }
  if (/Cannot find module|is missing|cannot open shared object file|Library not loaded/.test(reasons)) {
    return `Files of the extension are missing. ${reinstall}`;
  }
  if (reasons.includes("version `GLIBC")) {
    return `A binary was built for a newer glibc than this system's ${glibc ?? ""}. ${reinstall}`;
  }
  if (/invalid ELF|too short|not a mach-o|wrong architecture|wrong ELF class/i.test(reasons)) {
    return `Files of the extension are damaged or of another platform. ${reinstall}`;
  }
  return reinstall;
}

function isOlder(version: string, than: string): boolean {
  const [[major = 0, minor = 0], [wantedMajor = 0, wantedMinor = 0]] = [
    version.split(".").map(Number),
    than.split(".").map(Number),
  ];
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}
