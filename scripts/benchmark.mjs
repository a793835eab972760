// Builds the native engine if possible, bundles a program from bench/ and runs it:
// node scripts/benchmark.mjs quality/main [arguments]
import path from "node:path";
import { ensureInstalled } from "./install.mjs";
import { buildNative } from "./native.mjs";
import { pauseTraining } from "./pauseTraining.mjs";
import { node, root, run } from "./run.mjs";

const [name, ...args] = process.argv.slice(2);
const outfile = path.join(root, "out/bench", `${name.replaceAll("/", "-")}.js`);
ensureInstalled();
const withoutNative = await buildNative();
if (withoutNative !== undefined) console.error(withoutNative);
const { default: esbuild } = await import("esbuild"); // can be imported only after ensureInstalled
await esbuild.build({
  entryPoints: [path.join(root, "bench", `${name}.ts`)],
  outfile,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["onnxruntime-node"],
  sourcemap: "linked",
  logLevel: "warning",
});
pauseTraining();
process.exitCode = run(node, [outfile, ...args], { cwd: process.env["INIT_CWD"] ?? process.cwd() });
