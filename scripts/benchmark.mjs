// Bundles a program of bench/ and runs it: node scripts/benchmark.mjs quality/main [arguments].
import esbuild from "esbuild";
import path from "node:path";
import { ensureInstalled } from "./install.mjs";
import { node, root, run } from "./run.mjs";

const [name, ...args] = process.argv.slice(2);
const outfile = path.join(root, "out/bench", `${name.replaceAll("/", "-")}.js`);
ensureInstalled();
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
process.exitCode = run(node, [outfile, ...args], { cwd: process.env["INIT_CWD"] ?? process.cwd() });
