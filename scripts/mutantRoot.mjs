// The builds for npm run test:mutants. Each bundle contains all mutants, so nothing is built again for another mutant.
import esbuild from "esbuild";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { bundling } from "./bundleTests.mjs";
import { withMutants } from "./mutations.mjs";
import { onnxruntimeBinary } from "./onnxruntimeBinary.mjs";
import { root } from "./run.mjs";

const suites = ["unit", "numeric", "cli", "lsp"];
/** Tests run in this folder. It links to the files of the repository's root, but has a dist/ with the mutants. */
export const mutantRoot = path.join(root, "out/mutants/root");

/**
 * Bundles the tests and the programs that they start. The environment variable MUTANT selects the mutant that is in
 * effect. If MUTANT_LOG names a file, the ids of all mutants that the code reaches are appended to it.
 * @returns the test files that could reach a mutant, because they import its file, or start a program that contains it.
 */
export async function buildMutants(mutants) {
  makeRoot();
  const isMutant = `globalThis.isMutant ??= ((reached, { MUTANT, MUTANT_LOG: log }) => (id) => {
    if (log && !reached.has(id)) require("node:fs").appendFileSync(log, reached.add(id) && id + "\\n");
    return id === Number(MUTANT);
  })(new Set(), process.env);`;
  const mutate = ({ path: loaded }) => {
    const file = path.relative(root, loaded).replaceAll("\\", "/");
    const own = mutants.filter((mutant) => mutant.file === file);
    if (own.length > 0) return { contents: withMutants(readFileSync(loaded, "utf8"), own), loader: "ts" };
  };
  const plugins = [{ name: "mutants", setup: ({ onLoad }) => onLoad({ filter: /\.ts$/ }, mutate) }];
  const options = { ...bundling, sourcemap: false, banner: { js: isMutant }, plugins, metafile: true };
  const programs = {
    server: "src/server/main.ts",
    cli: "src/cli/main.ts",
    selfTest: "src/rwkv/native/selfTestMain.ts",
  };
  const { metafile: ofPrograms } = await esbuild.build({
    ...options,
    entryPoints: programs,
    external: ["*.node"],
    plugins: [onnxruntimeBinary, ...plugins],
    outdir: path.join(mutantRoot, "dist"),
  });
  const entryPoints = suites.flatMap((suite) =>
    readdirSync(`test/${suite}`)
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => `test/${suite}/${name}`),
  );
  const outdir = path.join(mutantRoot, "out");
  const { metafile } = await esbuild.build({ ...options, entryPoints, outbase: ".", outdir });
  const files = new Set(mutants.map(({ file }) => file));
  const isIn = (inputs) => Object.keys(inputs).some((file) => files.has(file));
  const startsMutants = isIn(ofPrograms.inputs);
  return Object.values(metafile.outputs)
    .filter(({ entryPoint, inputs }) => isIn(inputs) || (startsMutants && /^test.(cli|lsp)/.test(entryPoint)))
    .map(({ entryPoint }) => entryPoint.replace(/\.ts$/, ".js"));
}

/** Links or copies everything that tests need into `mutantRoot`, except the bundles. */
function makeRoot() {
  rmSync("out/mutants", { recursive: true, force: true });
  mkdirSync(path.join(mutantRoot, "dist"), { recursive: true });
  const link = (from, to) => existsSync(from) && symlinkSync(path.resolve(from), path.join(mutantRoot, to), "junction");
  for (const name of readdirSync(".").filter((one) => !["dist", "models", "out", ".git"].includes(one)))
    link(name, name);
  // A copy: onnxruntime does not follow links to folders.
  cpSync("models", path.join(mutantRoot, "models"), { recursive: true });
  for (const name of ["native", "onnxruntime"]) link(`dist/${name}`, `dist/${name}`);
  link("../shared", "../shared");
}
