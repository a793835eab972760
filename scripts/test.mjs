// npm test [-- SUITE… NAME… --watch]: installs packages, builds, and runs all suites or the named ones. Names that are
// not suites select test files whose path contains one of them (`unit completer`). The last line has the totals.
// --watch runs the tests again after changes.
import { ensureInstalled } from "./install.mjs";
import { buildNative } from "./native.mjs";
import { mustRun, node } from "./run.mjs";

const suites = {
  check: async () => (await import("./check.mjs")).check(),
  unit: async () => (await import("./nodeTests.mjs")).nodeTests("test/unit", 2, names),
  numeric: async () => (await import("./nodeTests.mjs")).nodeTests("test/numeric", 1, names),
  native: async () => (await import("./nativeTests.mjs")).nativeTests(),
  cli: async () => (await import("./nodeTests.mjs")).nodeTests("test/cli", 1, names),
  lsp: async () => (await import("./nodeTests.mjs")).nodeTests("test/lsp", 1, names),
  package: async () => (await import("./nodeTests.mjs")).nodeTests("test/package", 1, names),
  view: async () => (await import("./browserTests.mjs")).viewTests(),
  editors: async () => (await import("./browserTests.mjs")).editorTests(),
  training: async () => (await import("./trainingTests.mjs")).trainingTests(),
  sidebar: async () => (await import("./browserTests.mjs")).sidebarTests(),
  vscode: async () => (await import("../test/vscode/run.mjs")).runInVSCode(),
  // Last, because it needs the editor that earlier suites install.
  smoke: async () => (await import("./smokeTests.mjs")).smokeTests(),
};

const args = process.argv.slice(2);
const isWatching = args.includes("--watch");
const wanted = args.filter((name) => name in suites);
const names = args.filter((name) => !(name in suites) && name !== "--watch");
const filtered = ["unit", "numeric", "cli", "lsp", "package"];
const unknown = names.find((name) => name.startsWith("-"));
if (unknown !== undefined || (names.length > 0 && wanted.some((name) => !filtered.includes(name)))) {
  console.error(
    `not a suite: ${unknown ?? names[0]}. Suites: ${Object.keys(suites).join(", ")}; files can be selected in: ${filtered.join(", ")}`,
  );
  process.exit(2);
}
if (names.length > 0 && wanted.length === 0) wanted.push("unit");

ensureInstalled();
mustRun(node, ["esbuild.mjs"]);
const withoutNative = await buildNative();
if (withoutNative !== undefined) console.log(`${withoutNative}; its tests are skipped`);
if (isWatching) {
  // Node's test runner cannot bundle. So esbuild bundles after each change, and node --watch runs the changed bundles.
  await (await import("./nodeTests.mjs")).watchTests(`test/${wanted[0] ?? "unit"}`, names);
}
const total = { passed: 0, failed: 0, skipped: 0 };
for (const [name, runSuite] of Object.entries(suites)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n== ${name}`);
  const start = performance.now();
  let counts;
  try {
    counts = await runSuite();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    counts = { passed: 0, failed: 1, skipped: 0 };
  }
  if (counts.passed + counts.failed + counts.skipped === 0) {
    console.error(`the suite ${name} ran no test`);
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
