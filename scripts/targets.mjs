// The platforms that the extension is packaged for, as VS Code names them.
import { existsSync } from "node:fs";
import path from "node:path";

export const host = `${process.platform}-${process.arch}`;

/** Compilers of the native engine for other platforms, as Debian names them. */
const crossCompilers = {
  "linux-x64": "x86_64-linux-gnu-g++",
  "linux-arm64": "aarch64-linux-gnu-g++",
  "win32-x64": "x86_64-w64-mingw32-g++-posix",
};

/** The platforms that the native engine is made for. */
export const nativeTargets = ["linux-x64", "linux-arm64", "win32-x64", "darwin-arm64", "darwin-x64"];

/** The C++ compiler for a platform; undefined where none is known. CXX names another for this one. */
export function compilerFor(target) {
  if (target === host) return process.env["CXX"] ?? "c++";
  // Apple's compiler builds for both of its processors.
  return process.platform === "darwin" && target.startsWith("darwin-") ? "c++" : crossCompilers[target];
}

/** onnxruntime's libraries for a platform; undefined where it has none. */
export function onnxruntimeFolder(target) {
  const folder = path.join("node_modules/onnxruntime-node/bin/napi-v6", ...target.split("-"));
  return existsSync(folder) ? folder : undefined;
}
