// npm run bench [-- --json]: speed and memory by depth, measured on the embedded model.
import esbuild from "esbuild";
import { ensureInstalled } from "./install.mjs";
import { node, run } from "./run.mjs";

ensureInstalled();
await esbuild.build({
  entryPoints: ["bench/main.ts"],
  outfile: "out/bench/main.js",
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["onnxruntime-node"],
  sourcemap: "linked",
  logLevel: "warning",
});
process.exitCode = run(node, ["out/bench/main.js", ...process.argv.slice(2)]);
