// npm test: installs what it needs and runs every ring, or those named. The last line counts them all.
import { ensureInstalled } from "./install.mjs";
import { buildNative } from "./native.mjs";
import { mustRun, node } from "./run.mjs";

const rings = {
  check: async () => (await import("./check.mjs")).check(),
  unit: async () => (await import("./nodeTests.mjs")).nodeTests("test/unit", 2),
  numeric: async () => (await import("./nodeTests.mjs")).nodeTests("test/numeric", 1),
  native: async () => (await import("./nativeTests.mjs")).nativeTests(),
  cli: async () => (await import("./nodeTests.mjs")).nodeTests("test/cli", 1),
  lsp: async () => (await import("./nodeTests.mjs")).nodeTests("test/lsp", 1),
  view: async () => (await import("./browserTests.mjs")).viewTests(),
  training: async () => (await import("./trainingTests.mjs")).trainingTests(),
  sidebar: async () => (await import("./browserTests.mjs")).sidebarTests(),
  vscode: async () => (await import("../test/vscode/run.mjs")).runInVSCode(),
  smoke: async () => (await import("./smokeTests.mjs")).smokeTests(), // last: it opens the editor that those before install
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in rings));
if (unknown !== undefined) {
  console.error(`no ring is named ${unknown}: ${Object.keys(rings).join(", ")}`);
  process.exit(2);
}

ensureInstalled();
mustRun(node, ["esbuild.mjs"]);
const withoutNative = await buildNative();
if (withoutNative !== undefined) console.log(`${withoutNative}; its tests are skipped`);
const total = { passed: 0, failed: 0, skipped: 0 };
for (const [name, runRing] of Object.entries(rings)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n== ${name}`);
  const start = performance.now();
  let counts;
  try {
    counts = await runRing();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    counts = { passed: 0, failed: 1, skipped: 0 };
  }
  if (counts.passed + counts.failed + counts.skipped === 0) {
    console.error(`the ring ${name} ran no test`);
    counts.failed = 1;
  }
  for (const key of Object.keys(total)) total[key] += counts[key];
  console.log(`== ${name}: ${line(counts)}, ${((performance.now() - start) / 1000).toFixed(0)} s`);
}
console.log(line(total));
process.exit(total.failed === 0 ? 0 : 1);

function line({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
