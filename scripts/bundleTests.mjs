// Bundles each test file of a folder into out/, as CommonJS. What cannot be bundled stays outside.
import esbuild from "esbuild";
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";

/** Bundles each `*.test.ts` of a folder, and its index.ts. @returns the bundles' paths. */
export async function bundleTests(folder) {
  const outdir = path.join("out", folder);
  rmSync(outdir, { recursive: true, force: true });
  const files = readdirSync(folder, { recursive: true })
    .filter((file) => /(\.test|^index)\.ts$/.test(file))
    .map((file) => path.join(folder, file));
  await esbuild.build({
    entryPoints: files,
    outbase: folder,
    outdir,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["onnxruntime-node", "vscode", "mocha", "dependency-cruiser", "eslint", "typescript-eslint"],
    sourcemap: "linked",
    logLevel: "warning",
  });
  return files.map((file) => path.join(outdir, path.relative(folder, file).replace(/\.ts$/, ".js")));
}
