// npm run package:npm: packs the npm package, dist/rwkv-code-VERSION.tgz.
import { mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { ensureInstalled } from "./install.mjs";
import { invocation, root } from "./run.mjs";
import { npmFolder, stageNpm } from "./stageNpm.mjs";

/**
 * @returns {Promise<{file: string, files: string[]}>} the package and the files in it. @throws Error if a step fails.
 */
export async function packageNpm(targets, destination = path.join(root, "dist")) {
  await stageNpm(targets);
  mkdirSync(destination, { recursive: true });
  // npm must not run the prepack script: it would stage the files again, for all platforms.
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", destination];
  const options = { cwd: npmFolder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] };
  const { status, stdout } = spawnSync(...invocation("npm", args, options));
  if (status !== 0) throw new Error("npm could not make the package");
  const [{ filename, files }] = JSON.parse(stdout);
  return { file: path.join(destination, filename), files: files.map(({ path: name }) => name) };
}

if (process.argv[1] === import.meta.filename) {
  ensureInstalled();
  const { file, files } = await packageNpm();
  const megabytes = (statSync(file).size / 2 ** 20).toFixed(1);
  console.log(`${path.relative(root, file)}  ${megabytes} MB, ${files.length} files\n${files.join("\n")}`);
}
