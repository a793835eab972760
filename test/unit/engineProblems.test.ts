import assert from "node:assert/strict";
import test from "node:test";
import { noEngine, type System } from "../../src/rwkv/engineProblems.js";

const debian: System = { platform: "linux", arch: "x64", glibc: "2.36" };
const rhel7: System = { platform: "linux", arch: "x64", glibc: "2.17" };
const alpine: System = { platform: "linux", arch: "x64", glibc: undefined };
const windows: System = { platform: "win32", arch: "arm64", glibc: undefined };
const mac: System = { platform: "darwin", arch: "arm64", glibc: undefined };
const selfTest = (reason: string): string => `its self-test failed: Error: ${reason}`;

/** Error messages as operating systems write them. On Windows they are in the user's language. */
const causes: readonly (readonly [cause: string, System, native: string, onnxruntime: string, remedy: RegExp])[] = [
  [
    "an old glibc",
    rhel7,
    selfTest("/lib64/libc.so.6: version `GLIBC_2.27' not found (required by /ext/dist/native/linux-x64.node)"),
    "/lib64/libc.so.6: version `GLIBC_2.28' not found (required by libonnxruntime.so.1)",
    /glibc 2\.17 is too old: 2\.28 or newer is needed/,
  ],
  [
    "musl",
    alpine,
    selfTest("Error relocating /ext/dist/native/linux-x64.node: __memcpy_chk: symbol not found"),
    "Error loading shared library ld-linux-x86-64.so.2: No such file or directory",
    /not glibc \(Alpine has musl\)\. Use a system or a container with glibc/,
  ],
  [
    "a folder whose programs may not be executed",
    debian,
    selfTest("/ext/dist/native/linux-x64.node: failed to map segment from shared object"),
    "/ext/dist/onnxruntime/onnxruntime_binding.node: failed to map segment from shared object",
    /mounted noexec.*--extensions-dir/,
  ],
  [
    "a missing system library",
    debian,
    "its file native/linux-x64.node is missing",
    "libstdc++.so.6: cannot open shared object file: No such file or directory",
    /library libstdc\+\+\.so\.6 is missing\. Install it/,
  ],
  [
    "a missing library of the extension",
    debian,
    "its file native/linux-x64.node is missing",
    "libonnxruntime.so.1: cannot open shared object file: No such file or directory",
    /Files of the extension are missing\. Reinstall the extension built for linux-x64/,
  ],
  [
    "a damaged file",
    debian,
    selfTest("/ext/dist/native/linux-x64.node: invalid ELF header"),
    "/ext/dist/onnxruntime/onnxruntime_binding.node: file too short",
    /damaged or belong to another platform\. Reinstall the extension built for linux-x64/,
  ],
  [
    "another platform's file on macOS",
    mac,
    "its file native/darwin-arm64.node is missing",
    "dlopen(/ext/onnxruntime_binding.node, 0x0001): tried: … (not a mach-o file)",
    /Files of the extension are missing|damaged or of another platform/,
  ],
  [
    "a missing VC++ runtime",
    windows,
    "it was not built for win32-arm64",
    "Das angegebene Modul wurde nicht gefunden. \\\\?\\C:\\ext\\onnxruntime_binding.node",
    /Visual C\+\+ Redistributable 2015–2022 \(vc_redist\.arm64\.exe\)/,
  ],
  [
    "the npm package without onnxruntime",
    windows,
    "not selected (rwkvCode.engine, --engine)",
    "Cannot find package 'onnxruntime-node' imported from C:\\npm\\dist\\cli.js",
    /Install onnxruntime beside rwkv-code: npm install onnxruntime-node --ignore-scripts$/,
  ],
];
for (const [cause, system, native, onnxruntime, remedy] of causes) {
  test(`if no engine runs, the message has both reasons and the fix: ${cause}`, () => {
    const { message } = noEngine({ native, onnxruntime }, system);
    assert.ok(message.includes(native) && message.includes(onnxruntime), message);
    assert.match(message, remedy);
  });
}
