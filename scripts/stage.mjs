// Stages the extension for one platform: copies and builds its files into out/package/PLATFORM, from which the VSIX is
// made. So a package never contains builds for other platforms, and dist/ keeps its development builds.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildNative } from "./native.mjs";
import { noticesOf } from "./notices.mjs";
import { node, root, run } from "./run.mjs";
import { host, onnxruntimeFolder } from "./targets.mjs";

/** @returns {Promise<string>} the folder. @throws Error if a step fails, or if the platform has no engine. */
export async function stageExtension(target = host) {
  const stage = path.join(root, "out/package", target);
  rmSync(stage, { recursive: true, force: true });
  for (const file of await filesOutsideDist()) copy(path.join(root, file), path.join(stage, file));
  const dist = path.join(stage, "dist");
  const flags = ["--production", `--target=${target}`, `--outdir=${path.relative(root, dist)}`];
  if (run(node, ["esbuild.mjs", ...flags]) !== 0) throw new Error("the bundles could not be built");
  await addNativeEngine(target, dist);
  const metafile = JSON.parse(readFileSync(path.join(dist, "metafile.json"), "utf8"));
  const binaries = { engines: [target], hasOnnxruntime: onnxruntimeFolder(target) !== undefined };
  writeFileSync(path.join(dist, "third-party-notices.txt"), noticesOf(metafile, binaries));
  return stage;
}

async function addNativeEngine(target, dist) {
  const problem = await buildNative(target);
  if (problem === undefined) {
    const file = `native/${target}.node`;
    copy(path.join(root, "dist", file), path.join(dist, file));
  } else if (onnxruntimeFolder(target) === undefined) {
    throw new Error(`${problem}, and onnxruntime has no binary for ${target}, so the package would have no engine`);
  } else {
    console.warn(`${problem}; the extension for ${target} will run on onnxruntime`);
  }
}

/** The files outside dist/ that .vscodeignore allows in the package. */
async function filesOutsideDist() {
  const { listFiles, PackageManager } = (await import("@vscode/vsce")).default;
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  return [".vscodeignore", ...files.filter((file) => !file.startsWith("dist/"))];
}

function copy(from, to) {
  if (!existsSync(from)) throw new Error(`${path.relative(root, from)} is missing`);
  mkdirSync(path.dirname(to), { recursive: true });
  cpSync(from, to);
}
