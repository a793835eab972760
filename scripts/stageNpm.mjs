// Stages the npm package in npm/, beside its package.json and README: bundles, engines and the embedded model. npm runs
// this script as prepack. One package serves all platforms, because an engine takes only about half a megabyte.
// onnxruntime takes tens of megabytes per platform, so it is an optional peer dependency.
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ensureInstalled } from "./install.mjs";
import { buildNative } from "./native.mjs";
import { noticesOf } from "./notices.mjs";
import { root } from "./run.mjs";
import { nativeTargets } from "./targets.mjs";

export const npmFolder = path.join(root, "npm");

/**
 * @param {readonly string[]} targets platforms whose engines are built if this machine can do so.
 * @throws Error if a step fails.
 */
export async function stageNpm(targets = nativeTargets) {
  for (const name of ["dist", "models"]) rmSync(path.join(npmFolder, name), { recursive: true, force: true });
  const { default: esbuild } = await import("esbuild"); // can be imported only after ensureInstalled
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { cli: "src/cli/main.ts", selfTest: "src/rwkv/native/selfTestMain.ts" },
    outdir: path.join(npmFolder, "dist"),
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["onnxruntime-node", "*.node"],
    metafile: true,
    logLevel: "warning",
  });
  const engines = await addEngines(targets);
  const notices = noticesOf(metafile, { engines, hasOnnxruntime: false });
  writeFileSync(path.join(npmFolder, "dist/third-party-notices.txt"), notices);
  cpSync(path.join(root, "models/default"), path.join(npmFolder, "models/default"), { recursive: true });
  cpSync(path.join(root, "models/catalogue.json"), path.join(npmFolder, "models/catalogue.json"));
  for (const file of ["LICENSE", "NOTICE"]) cpSync(path.join(root, file), path.join(npmFolder, file));
  cpSync(path.join(root, "docs/EDITORS.md"), path.join(npmFolder, "EDITORS.md"));
}

/**
 * Builds the native engines and adds all that are in dist/native. The engines for macOS must have been built on a Mac
 * and copied to that folder.
 * @returns the engines' platforms.
 */
async function addEngines(targets) {
  for (const target of targets) {
    const problem = await buildNative(target);
    if (problem !== undefined) console.warn(`${target}: ${problem}`);
  }
  const built = path.join(root, "dist/native");
  const engines = nativeTargets.filter((target) => existsSync(path.join(built, `${target}.node`)));
  mkdirSync(path.join(npmFolder, "dist/native"), { recursive: true });
  for (const target of engines)
    cpSync(path.join(built, `${target}.node`), path.join(npmFolder, `dist/native/${target}.node`));
  const missing = nativeTargets.filter((target) => !engines.includes(target));
  if (missing.length > 0) console.warn(`without the native engine for ${missing.join(", ")}`);
  return engines;
}

if (process.argv[1] === import.meta.filename) {
  process.chdir(root); // npm runs this script in npm/
  ensureInstalled();
  await stageNpm();
}
