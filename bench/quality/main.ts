import path from "node:path";
import { parseArgs } from "node:util";
import { engineName } from "../../src/cli/engineName.js";
import { loadModel } from "../../src/rwkv/load.js";
import { isWeightFormat } from "../../src/rwkv/weights/matrices.js";
import { randomFrom } from "../../test/support/random.js";
import { inMode, modes, type Mode } from "./modes.js";
import { OlderVersions } from "./olderVersions.js";
import { heading, lineOf, rowOf, type QualityRow } from "./report.js";
import { replay, type Replayed, type Stretch } from "./replay.js";
import { sourcesIn } from "./sources.js";
import { linesTyped, newStretchesOf, stretchesOf } from "./stretches.js";
import { Workspaces } from "./workspaces.js";

const usage = `npm run quality -- DIR… [--model DIR] [--files N] [--modes model,cache,both] [--thresholds 0,0.5]
                       [--above 20,256,all] [--neighbors 0,4] [--workspace no,yes] [--older DIR]
                       [--form prefix|prefix-suffix-middle] [--weights fp32|int8|int4]
                       [--engine auto|native|onnxruntime] [--seed N] [--json]`;
/** Probability of a pause at a position that is neither the start of a line nor the end of a word. */
const pauseShare = 0.08;

interface Row extends QualityRow {
  readonly mode: Mode;
  readonly threshold: number;
  readonly linesAbove: number | "all";
  readonly neighbors: number;
  readonly workspace: boolean;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: "string" },
      files: { type: "string", default: "12" },
      modes: { type: "string", default: "both" },
      thresholds: { type: "string", default: "0,0.5" },
      above: { type: "string", default: "all" },
      neighbors: { type: "string", default: "0" },
      workspace: { type: "string", default: "no" },
      older: { type: "string" },
      form: { type: "string" },
      weights: { type: "string", default: "int8" },
      engine: { type: "string" },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
    },
  });
  if (positionals.length === 0) throw new Error(`usage: ${usage}`);
  const { weights } = values;
  if (!isWeightFormat(weights)) throw new Error(`usage: ${usage}`);
  const folder = values.model ?? path.join(__dirname, "../../models/default");
  const loaded = await loadModel(folder, { threads: 1, weights, engine: engineName(values.engine, usage) });
  const form = values.form === "prefix" || values.form === "prefix-suffix-middle" ? values.form : loaded.prompt.form;
  const model = { ...loaded, prompt: { ...loaded.prompt, form } };
  const seed = Number(values.seed);
  const sources = positionals.flatMap(sourcesIn);
  const older = values.older === undefined ? undefined : new OlderVersions(values.older);
  const fileCount = Number(values.files);
  const stretches =
    older === undefined ? stretchesOf(sources, fileCount, seed) : newStretchesOf(sources, fileCount, seed, older);
  const workspaces = new Workspaces(model.tokenizer, sources, older);

  const rows: Row[] = [];
  if (!values.json)
    console.log(`${model.name}, ${model.engine}, ${stretches.length} stretches of ${linesTyped} lines\n${heading}`);
  for (const condition of conditionsOf(values)) {
    const random = randomFrom(seed);
    const replays: (Replayed & { group: string; depth: string })[] = [];
    for (const stretch of stretches) {
      const options = {
        linesAbove: condition.linesAbove === "all" ? Infinity : condition.linesAbove,
        threshold: condition.threshold,
        pausesAt: () => random.below(1000) < pauseShare * 1000,
        neighbors: neighborsOf(stretch.source, sources).slice(0, condition.neighbors),
        workspace: condition.workspace ? workspaces.of(stretch.source) : undefined,
      };
      const replayed = await replay(inMode(model, condition.mode), stretch, options);
      replays.push({ ...replayed, group: stretch.source.language, depth: depthOf(stretch.from) });
    }
    for (const group of new Set(replays.flatMap((one) => [one.group, one.depth, "all"]))) {
      const own = replays.filter((one) => group === "all" || one.group === group || one.depth === group);
      const row: Row = { ...condition, ...rowOf(group, own) };
      rows.push(row);
      if (!values.json) console.log(lineOf(labelOf(condition), row));
    }
  }
  if (values.json) console.log(JSON.stringify({ model: model.name, engine: model.engine, rows }));
  await model.dispose();
}

type Condition = Pick<Row, "mode" | "threshold" | "linesAbove" | "neighbors" | "workspace">;

/** Every combination of the requested values. */
function conditionsOf(
  values: Record<"modes" | "thresholds" | "above" | "neighbors" | "workspace", string>,
): Condition[] {
  // The cast only lets `includes` take a string.
  const wanted = values.modes.split(",").filter((mode): mode is Mode => modes.includes(mode as Mode));
  return values.above.split(",").flatMap((above) =>
    values.neighbors.split(",").flatMap((neighbors) =>
      wanted.flatMap((mode) =>
        values.thresholds.split(",").flatMap((threshold) =>
          values.workspace.split(",").map((workspace) => ({
            mode,
            threshold: Number(threshold),
            linesAbove: above === "all" ? ("all" as const) : Number(above),
            neighbors: Number(neighbors),
            workspace: workspace === "yes",
          })),
        ),
      ),
    ),
  );
}

function labelOf({ mode, threshold, linesAbove, neighbors, workspace }: Condition): string {
  const beside = neighbors > 0 ? `, ${neighbors} beside` : "";
  return `${mode}, ≥ ${threshold}, ${linesAbove} above${beside}${workspace ? ", workspace" : ""}`;
}

/** The other files of the same folder and language, nearest by name first. */
function neighborsOf(source: Stretch["source"], sources: readonly Stretch["source"][]): Stretch["source"][] {
  const folder = path.dirname(source.path);
  const beside = sources.filter((one) => path.dirname(one.path) === folder && one.language === source.language);
  const own = beside.indexOf(source);
  return beside
    .map((one, i) => ({ one, distance: Math.abs(i - own) }))
    .filter(({ distance }) => distance > 0)
    .sort((a, b) => a.distance - b.distance)
    .map(({ one }) => one);
}

function depthOf(line: number): string {
  if (line < 256) return "line < 256";
  return line < 1024 ? "256–1023" : "≥ 1024";
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
