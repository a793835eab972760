import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { detectDimensions, versionName } from "../src/rwkv/architecture.js";
import type { EngineName } from "../src/rwkv/engine.js";
import { loadWeights, type LoadedWeights } from "../src/rwkv/load.js";
import { findModel } from "../src/rwkv/modelFolder.js";
import { ModelError } from "../src/rwkv/modelError.js";
import { weightFormats, type WeightFormat } from "../src/rwkv/weights/matrices.js";
import { openWeights } from "../src/rwkv/weights/openWeights.js";
import { readExpected, type ExpectedPrompt } from "../test/support/fixtureModel.js";
import { logitsAfter, maxDifference, top } from "../test/support/numeric.js";
import { embeddedModel, fixtures, root, sharedPlace } from "../test/support/paths.js";

const usage = "npm run verify:models -- [FOLDER…] [--json]    FOLDER holds folders with weights and expected.json";

interface Row {
  readonly model: string;
  readonly version: string;
  readonly format: string;
  readonly weights: WeightFormat;
  readonly engine: string;
  readonly result: Agreement | { readonly kind: "refused"; readonly reason: string };
}

interface Agreement {
  readonly kind: "compared";
  /** The largest difference between a logit and its expected value, over all prompts. */
  readonly maxDifference: number;
  /** Number of prompts for which the most likely token is the expected one. */
  readonly agreeing: number;
  readonly prompts: number;
}

/** A weights file, and the folder with its expected values. The embedded model's values are not in its own folder. */
interface ModelLocation {
  readonly model: string;
  readonly weights: string;
  readonly expected: string;
}

const engines: readonly EngineName[] = ["onnxruntime", "native"];
const formats = [".safetensors", ".pth", ".gguf"];

/** Compares each model's logits with the expected ones, in each weight format and with each engine that runs it. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean" } } });
  const embedded = { model: "models/default", weights: embeddedModel, expected: path.join(fixtures, "default") };
  const folders = [path.join(fixtures, "rwkv"), sharedPlace("fixtures/rwkv").path];
  const models = positionals.length > 0 ? positionals.flatMap(modelsIn) : [embedded, ...folders.flatMap(modelsIn)];
  if (models.length === 0) throw new Error(`no model with expected values; usage: ${usage}`);
  const rows: Row[] = [];
  for (const model of models) rows.push(...(await rowsOf(model)));
  if (values.json === true) console.log(JSON.stringify({ rows }));
  else show(rows);
}

/** The weights files in all subfolders that also contain expected values. */
function modelsIn(folder: string): ModelLocation[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => path.join(folder, name))
    .filter((modelPath) => existsSync(path.join(modelPath, "expected.json")))
    .flatMap((modelPath) => {
      const files = readdirSync(modelPath).filter(
        (file) => formats.includes(path.extname(file)) && file.startsWith("model."),
      );
      const model = `${path.relative(root, folder)}/${path.basename(modelPath)}`;
      return files.map((file) => ({ model, weights: path.join(modelPath, file), expected: modelPath }));
    });
}

async function rowsOf({ model, weights, expected }: ModelLocation): Promise<Row[]> {
  const file = findModel(weights).weights;
  const about = { model, version: versionOf(file), format: path.extname(file) };
  const { prompts } = readExpected(expected);
  const rows: Row[] = [];
  for (const format of weightFormats) {
    for (const engine of engines) {
      const row = { ...about, weights: format, engine };
      try {
        const loaded = await loadWeights(weights, format, 1, engine);
        rows.push({ ...row, engine: loaded.engine.kind, result: await agreementOf(loaded, prompts) });
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        rows.push({ ...row, result: { kind: "refused", reason: error.message.replace(`${file}: `, "") } });
      }
    }
  }
  return rows;
}

function versionOf(file: string): string {
  try {
    return versionName(detectDimensions(openWeights(file)));
  } catch (error) {
    if (error instanceof ModelError) return "?";
    throw error;
  }
}

async function agreementOf({ engine }: LoadedWeights, prompts: readonly ExpectedPrompt[]): Promise<Agreement> {
  let difference = 0;
  let agreeing = 0;
  try {
    for (const { tokens, logits: expected } of prompts) {
      const logits = await logitsAfter(engine.open(), tokens);
      difference = Math.max(difference, maxDifference(logits, expected));
      if (top(logits) === top(expected)) agreeing++;
    }
  } finally {
    await engine.dispose();
  }
  return { kind: "compared", maxDifference: difference, agreeing, prompts: prompts.length };
}

/**
 * Prints the table for docs/MODELS.md: the largest difference for each file, or a dash if an engine refuses the file.
 */
function show(rows: readonly Row[]): void {
  const columns = weightFormats.flatMap((weights) => engines.map((engine) => ({ weights, engine })));
  console.log(
    `| model | version | file | ${columns.map(({ weights, engine }) => `${weights} ${engine}`).join(" | ")} |`,
  );
  console.log(`|---|---|---|${"---:|".repeat(columns.length)}`);
  for (let at = 0; at < rows.length; at += columns.length) {
    const [first, ...others] = rows.slice(at, at + columns.length);
    if (first === undefined) return;
    console.log(`| ${[first.model, first.version, first.format, ...[first, ...others].map(cell)].join(" | ")} |`);
  }
}

function cell({ result }: Row): string {
  if (result.kind === "refused") return "–";
  const { maxDifference, agreeing, prompts } = result;
  return `${maxDifference < 1e-3 ? maxDifference.toExponential(1) : maxDifference.toPrecision(2)}${agreeing < prompts ? ` (${agreeing} of ${prompts})` : ""}`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
