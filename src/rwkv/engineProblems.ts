/**
 * Thrown if an engine cannot be loaded. If neither engine runs, `noEngine` combines both reasons and a remedy in one
 * error.
 */
export class EngineError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EngineError";
  }
}

/** Properties of the machine; the remedy depends on them. */
export interface System {
  readonly platform: string;
  readonly arch: string;
  /** For example 2.31; undefined if the C library is not glibc. */
  readonly glibc: string | undefined;
}

/** The reason why each engine does not run. */
export interface EngineProblems {
  readonly native: string;
  readonly onnxruntime: string;
}

/** The oldest glibc that can load the packaged binaries (scripts/glibc.mjs). */
const oldestGlibc = "2.28";

function currentSystem(): System {
  const { platform, arch } = process;
  if (platform !== "linux") return { platform, arch, glibc: undefined };
  const { header } = process.report.getReport() as { readonly header: { readonly glibcVersionRuntime?: string } };
  return { platform, arch, glibc: header.glibcVersionRuntime };
}

/** The error for a machine on which neither engine runs. */
export function noEngine(problems: EngineProblems, system = currentSystem()): EngineError {
  const { native, onnxruntime } = problems;
  const remedy = remedyFor(`${native}\n${onnxruntime}`, system);
  return new EngineError(
    `No engine runs the model here. Native engine: ${native}. onnxruntime: ${onnxruntime}. ${remedy}`,
  );
}

/** How to fix the problem. @param reasons messages from dlopen or Node; their wording identifies the problem. */
function remedyFor(reasons: string, { platform, arch, glibc }: System): string {
  const reinstall = `Reinstall the extension built for ${platform}-${arch}.`;
  if (platform === "linux" && (glibc === undefined || /Error relocating|ld-linux-.*No such file/.test(reasons))) {
    return "This system's C library is not glibc (Alpine has musl). Use a system or a container with glibc, such as Debian.";
  }
  if (glibc !== undefined && isOlder(glibc, oldestGlibc)) {
    return `This system's glibc ${glibc} is too old: ${oldestGlibc} or newer is needed (Debian 10, Ubuntu 20.04, RHEL 8).`;
  }
  if (/failed to map segment|Operation not permitted|Permission denied|library load disallowed/.test(reasons)) {
    return "Programs in the extension's folder may not be executed (it is mounted noexec, or a policy forbids it). Allow it, or move VS Code's extensions to another folder (--extensions-dir).";
  }
  const library = /(lib[\w+.-]+\.so[\d.]*): cannot open shared object file/.exec(reasons)?.[1];
  if (library !== undefined && !library.startsWith("libonnxruntime")) {
    return `The library ${library} is missing. Install it with the system's package manager.`;
  }
  // The extension bundles onnxruntime; in the npm package it is an optional peer dependency.
  if (reasons.includes("Cannot find package 'onnxruntime-node'")) {
    return "Install onnxruntime beside rwkv-code: npm install onnxruntime-node --ignore-scripts";
  }
  // If a dependency of onnxruntime.dll is missing, Windows' message does not name it and is in the user's language.
  if (platform === "win32" && !/Cannot find module|is missing/.test(reasons)) {
    return `Install the Microsoft Visual C++ Redistributable 2015–2022 (vc_redist.${arch}.exe), then run "RWKV Code: Restart Server". ${reinstall.replace("Reinstall", "If that does not help, reinstall")}`;
  }
  if (/Cannot find module|is missing|cannot open shared object file|Library not loaded/.test(reasons)) {
    return `Files of the extension are missing. ${reinstall}`;
  }
  if (reasons.includes("version `GLIBC")) {
    return `A binary was built for a newer glibc than this system's ${glibc ?? ""}. ${reinstall}`;
  }
  if (/invalid ELF|too short|not a mach-o|wrong architecture|wrong ELF class/i.test(reasons)) {
    return `Files of the extension are damaged or belong to another platform. ${reinstall}`;
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
