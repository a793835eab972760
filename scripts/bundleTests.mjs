// Bundles each test file of a folder into out/, as CommonJS. Packages that esbuild cannot bundle stay external.
import esbuild from "esbuild";
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";

/** Options for all test bundles. */
export const bundling = {
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: [
    "onnxruntime-node",
    "vscode",
    "mocha",
    "dependency-cruiser",
    "eslint",
    "prettier",
    "typescript-eslint",
    "@vscode/l10n-dev",
  ],
  sourcemap: "linked",
  logLevel: "warning",
};

/**
 * Bundles each `*.test.ts` of a folder, and its index.ts if there is one. If names are given, only the files whose path
 * contains one of them are bundled.
 * @param isWatched true to bundle again after each change, until the process exits.
 * @returns the paths of the bundles.
 */
export async function bundleTests(folder, names = [], isWatched = false) {
  const outdir = path.join("out", folder);
  rmSync(outdir, { recursive: true, force: true });
  const files = readdirSync(folder, { recursive: true })
    .filter((file) => /(\.test|^index)\.ts$/.test(file) && !file.includes("node_modules"))
    .filter((file) => names.length === 0 || names.some((name) => file.toLowerCase().includes(name.toLowerCase())))
    .map((file) => path.join(folder, file));
  const options = { ...bundling, entryPoints: files, outbase: folder, outdir };
  await esbuild.build(options);
  if (isWatched) await (await esbuild.context(options)).watch();
  return files.map((file) => path.join(outdir, path.relative(folder, file).replace(/\.ts$/, ".js")));
}
