// npm run package: the extension as one file, for the platform this runs on.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ensureInstalled } from "./install.mjs";
import { buildNative } from "./native.mjs";
import { noticesOf } from "./notices.mjs";
import { node, root, run } from "./run.mjs";

/** @returns {Promise<string>} the path of the VSIX. @throws Error where a step fails. */
export async function packageExtension() {
  const { name, version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const target = `${process.platform}-${process.arch}`;
  const vsix = path.join(root, "dist", `${name}-${target}-${version}.vsix`);
  if (run(node, ["esbuild.mjs", "--production"]) !== 0) throw new Error("the bundles could not be built");
  const withoutNative = await buildNative();
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
  await packageExtension();
}
