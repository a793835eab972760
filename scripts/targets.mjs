// The platforms that the extension is packaged for, named as in VS Code.
import { existsSync } from "node:fs";
import path from "node:path";

export const host = `${process.platform}-${process.arch}`;

/** Debian's names of the cross compilers for the native engine. */
const crossCompilers = {
  "linux-x64": "x86_64-linux-gnu-g++",
  "linux-arm64": "aarch64-linux-gnu-g++",
  "win32-x64": "x86_64-w64-mingw32-g++-posix",
};

/** The platforms that have a native engine. */
export const nativeTargets = ["linux-x64", "linux-arm64", "win32-x64", "darwin-arm64", "darwin-x64"];

/** The C++ compiler for a platform; undefined if none is known. For this machine, the variable CXX overrides it. */
export function compilerFor(target) {
  if (target === host) return process.env["CXX"] ?? "c++";
  // Apple's compiler can compile for both architectures of Macs.
  return process.platform === "darwin" && target.startsWith("darwin-") ? "c++" : crossCompilers[target];
}

/** The folder with onnxruntime's libraries for a platform; undefined if onnxruntime does not support the platform. */
export function onnxruntimeFolder(target) {
  const folder = path.join("node_modules/onnxruntime-node/bin/napi-v6", ...target.split("-"));
  return existsSync(folder) ? folder : undefined;
}
