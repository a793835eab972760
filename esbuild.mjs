// Builds the bundles: dist/extension.js, dist/server.js, dist/cli.js, dist/selfTest.js, and the chat view, dist/chat.js
// and chat.css. Flags: --watch, --production (minified, no source maps), --target=PLATFORM (copies onnxruntime's
// libraries for that platform instead of this machine's), --outdir=FOLDER (instead of dist).
import esbuild from "esbuild";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { onnxruntimeBinary } from "./scripts/onnxruntimeBinary.mjs";
import { host, onnxruntimeFolder } from "./scripts/targets.mjs";

const flag = (name) => process.argv.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3);
const target = flag("target") ?? host;
const outdir = flag("outdir") ?? "dist";
const production = process.argv.includes("--production");
const watch = process.argv.includes("--watch");

function copyOnnxruntime() {
  const from = onnxruntimeFolder(target);
  if (from === undefined) {
    console.warn(`onnxruntime has no binary for ${target}; only our own engine is available`);
    return;
  }
  const to = path.join(outdir, "onnxruntime");
  mkdirSync(to, { recursive: true });
  // Copies only the libraries that the binding links to. The package contains one of them twice, under two names, and
  // libraries for GPUs, which are not used.
  const binding = "onnxruntime_binding.node";
  const linked = readFileSync(path.join(from, binding)).toString("latin1");
  for (const file of readdirSync(from).filter((name) => name === binding || linked.includes(name))) {
    const copy = path.join(to, file);
    const source = path.join(from, file);
    if (!existsSync(copy) || statSync(copy).size !== statSync(source).size) copyFileSync(source, copy);
  }
}

const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : "linked",
  logLevel: watch ? "info" : "warning",
  metafile: true,
  outdir,
};
const forNode = {
  ...common,
  entryPoints: {
    extension: "src/extension/main.ts",
    server: "src/server/main.ts",
    cli: "src/cli/main.ts",
    selfTest: "src/rwkv/native/selfTestMain.ts",
  },
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode", "*.node"],
  plugins: [onnxruntimeBinary],
};
/** The chat view runs in a browser. esbuild writes its icon font, codicon.ttf, into the style sheet's folder. */
const forView = {
  ...common,
  entryPoints: [
    { in: "media/chat/chat.ts", out: "chat" },
    { in: "media/chat/chat.css", out: "chat" },
  ],
  platform: "browser",
  format: "iife",
  target: "es2022",
  loader: { ".ttf": "file" },
  assetNames: "[name]",
  sourcemap: production ? false : "inline", // inline, because the view's page must not fetch anything
};

copyOnnxruntime();
if (watch) {
  for (const options of [forNode, forView]) await (await esbuild.context(options)).watch();
} else {
  const built = await Promise.all([forNode, forView].map((options) => esbuild.build(options)));
  const outputs = Object.assign({}, ...built.map(({ metafile }) => metafile.outputs));
  writeFileSync(path.join(outdir, "metafile.json"), JSON.stringify({ outputs })); // read by scripts/notices.mjs
  for (const [file, { bytes }] of Object.entries(outputs)) {
    if (/\.(js|css)$/.test(file)) console.log(`${file}  ${(bytes / 1024).toFixed(0)} KiB`);
  }
}
