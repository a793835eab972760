// npm run package [-- PLATFORM]: packages the extension as a VSIX for this platform or another one (win32-x64,
// linux-arm64, …). For another platform, the native engine is cross-compiled.
import { readFileSync } from "node:fs";
import path from "node:path";
import { ensureInstalled } from "./install.mjs";
import { node, root, run } from "./run.mjs";
import { sizesOf } from "./sizes.mjs";
import { stageExtension } from "./stage.mjs";
import { host } from "./targets.mjs";

/** @returns {Promise<string>} the path of the VSIX. @throws Error if a step fails. */
export async function packageExtension(target = host) {
  const stage = await stageExtension(target);
  const { name, version, repository } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const vsix = path.join(root, "dist", `${name}-${target}-${version}.vsix`);
  const vsce = path.join(root, "node_modules/@vscode/vsce/vsce");
  // All dependencies are bundled, so the package needs no node_modules.
  const options = ["--no-dependencies", "--target", target];
  // For the Marketplace, vsce makes the README's relative links absolute. That needs the address of the repository.
  if (repository.url.includes("OWNER")) options.push("--no-rewrite-relative-links");
  if (run(node, [vsce, "package", ...options, "--out", vsix], { cwd: stage }) !== 0)
    throw new Error("vsce could not make the VSIX");
  console.log(sizesOf([vsix]));
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
