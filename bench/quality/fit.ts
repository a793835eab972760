import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Calibration } from "../../src/core/calibration.js";
import type { MatchSource } from "../../src/core/decoding/documentNgrams.js";
import type { Model } from "../../src/core/model.js";
import { calibrationVersion } from "../../src/rwkv/calibrationFile.js";
import { loadModel } from "../../src/rwkv/load.js";
import { randomFrom } from "../../test/support/random.js";
import { attemptsOf, fitCorrectness, reliability, type Attempt } from "./fitCorrectness.js";
import { bitsOf, fitMixture } from "./fitMixture.js";
import { samplesOf, type Sample } from "./mixtureSamples.js";
import { sampled, sourcesIn, type Source } from "./sources.js";
import { Workspaces } from "./workspaces.js";

const usage =
  "npm run quality:fit -- DIR… [--model DIR] [--files N]   (each folder a workspace that the model was not trained on)";
const maxTokens = 3000;
const placesInFile = 40;
const blocksInFile = 8;

/** Fits the mixture and the expected correctness on source code, and writes both into the model's folder. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { model: { type: "string" }, files: { type: "string", default: "60" } },
  });
  if (positionals.length === 0) throw new Error(`usage: ${usage}`);
  const folder = values.model ?? path.join(__dirname, "../../models/default");
  const model = await loadModel(folder, { threads: 1, weights: "int8", ignoresCalibration: true });
  const sources = positionals.flatMap(sourcesIn);
  const files = sampled(sources, Number(values.files), randomFrom(1));
  const workspaces = new Workspaces(model.tokenizer, sources);
  // Every second file gets no workspace, because the fitted numbers must also suit a file that is opened alone.
  const workspaceOf = (source: Source, i: number): MatchSource | undefined =>
    i % 2 === 0 ? workspaces.sourceFor(source) : undefined;
  console.log(`${files.length} files`);

  const samples: Sample[][] = [];
  for (const [i, file] of files.entries()) {
    samples.push(await samplesOf(model, file, { maxTokens, workspace: workspaceOf(file, i) }));
  }
  const mixture = fitMixture(samples.flat());
  // To measure the gain on unseen files, a second mixture is fitted without every fifth file and scored on these files.
  const [others, kept] = [samples.filter((_, i) => i % 5 > 0).flat(), samples.filter((_, i) => i % 5 === 0).flat()];
  const bits = bitsOf(kept, fitMixture(others));
  console.log(
    `${samples.flat().length} tokens with a guess; of files left out: ` +
      `${bits.model.toFixed(3)} bits by the model, ${bits.both.toFixed(3)} by both`,
  );

  const attempts: Attempt[] = [];
  const random = randomFrom(2);
  const mixing: Model = { ...model, calibration: { mixture, correctness: { bias: 0, coefficients: {} } } };
  for (const [i, file] of files.entries()) {
    const options = { samples: placesInFile, blocks: blocksInFile, random, workspace: workspaceOf(file, i) };
    attempts.push(...(await attemptsOf(mixing, file, options)));
  }
  const correctness = fitCorrectness(attempts);
  console.log(`${attempts.length} parts of completions:\n${reliability(attempts, correctness)}`);
  write(folder, { mixture, correctness });
  await model.dispose();
}

/** Writes calibration.json, and adds its name and hash to model.json. */
function write(folder: string, calibration: Calibration): void {
  const name = "calibration.json";
  const text = `${JSON.stringify({ formatVersion: calibrationVersion, ...calibration })}\n`;
  writeFileSync(path.join(folder, name), text);
  const jsonPath = path.join(folder, "model.json");
  const json = JSON.parse(readFileSync(jsonPath, "utf8")) as Record<string, unknown> & {
    files: Record<string, unknown>;
  };
  const sha256 = createHash("sha256").update(text).digest("hex");
  const next = { ...json, calibration: name, files: { ...json.files, [name]: { sha256 } } };
  writeFileSync(jsonPath, `${JSON.stringify(next, null, 2)}\n`);
  console.log(`written to ${path.join(folder, name)}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
