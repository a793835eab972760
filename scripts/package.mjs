// npm run package [-- PLATFORM]: the extension as one file, for the platform this runs on or for another (win32-x64,
// linux-arm64, …), whose native engine is then cross-compiled.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ensureInstalled } from "./install.mjs";
import { buildNative } from "./native.mjs";
import { noticesOf } from "./notices.mjs";
import { node, root, run } from "./run.mjs";
import { host, onnxruntimeFolder } from "./targets.mjs";

/** @returns {Promise<string>} the path of the VSIX. @throws Error where a step fails. */
export async function packageExtension(target = host) {
  clearBinaries(target);
  try {
    return await packaged(target);
  } finally {
    clearBinaries(host); // the next build brings this platform's back
  }
}

/** dist/ holds the binaries of one platform: those of others go. onnxruntime's do not say whose they are. */
function clearBinaries(target) {
  const native = path.join(root, "dist/native");
  const others = existsSync(native) ? readdirSync(native).filter((file) => !file.startsWith(`${target}.`)) : [];
  for (const file of others) rmSync(path.join(native, file));
  if (target !== host || others.length > 0)
    rmSync(path.join(root, "dist/onnxruntime"), { recursive: true, force: true });
}

async function packaged(target) {
  const { name, version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const vsix = path.join(root, "dist", `${name}-${target}-${version}.vsix`);
  if (run(node, ["esbuild.mjs", "--production", `--target=${target}`]) !== 0)
    throw new Error("the bundles could not be built");
  const withoutNative = await buildNative(target);
  if (withoutNative !== undefined && onnxruntimeFolder(target) === undefined)
    throw new Error(`${withoutNative}, and onnxruntime has no binary for ${target}`);
  if (withoutNative !== undefined) console.warn(`${withoutNative}; the extension will run on onnxruntime`);
  const metafile = JSON.parse(readFileSync(path.join(root, "dist/metafile.json"), "utf8"));
  writeFileSync(path.join(root, "dist/third-party-notices.txt"), noticesOf(metafile));
  const vsce = path.join(root, "node_modules/@vscode/vsce/vsce");
  // Everything is bundled: no node_modules; links in the README stay as they are.
  const options = [
    "--no-dependencies",
    "--no-rewrite-relative-links",
    "--allow-missing-repository",
    "--target",
    target,
  ];
  if (run(node, [vsce, "package", ...options, "--out", vsix]) !== 0) throw new Error("vsce could not make the VSIX");
  console.log(`${path.relative(root, vsix)}  ${(statSync(vsix).size / 2 ** 20).toFixed(1)} MB`);
  return vsix;
}

if (process.argv[1] === import.meta.filename) {
  ensureInstalled();
  try {
    await packageExtension(process.argv[2]);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
