import path from "node:path";
import { parseArgs } from "node:util";
import { loadModel } from "../../src/rwkv/load.js";
import { randomFrom } from "../../test/support/random.js";
import type { Damage } from "./balance.js";
import { replay, type Pause } from "./replay.js";
import { allSourcesIn } from "./sources.js";
import { linesTyped, stretchesOf } from "./stretches.js";

const usage =
  "npm run quality:damage -- DIR… [--model DIR] [--files N] [--languages Go,HTML] [--thresholds 0.65,0] [--seed N] [--examples N]";
const pauseShare = 0.08;

/** Counts how often a completion that is shown in a replay would damage the file if the user accepted all of it. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: "string" },
      files: { type: "string", default: "12" },
      languages: { type: "string" },
      thresholds: { type: "string", default: "0.65,0" },
      seed: { type: "string", default: "1" },
      examples: { type: "string", default: "0" },
    },
  });
  if (positionals.length === 0) throw new Error(`usage: ${usage}`);
  const model = await loadModel(values.model ?? path.join(__dirname, "../../models/default"), {
    threads: 1,
    weights: "int8",
  });
  const languages = values.languages?.split(",");
  const sources = positionals
    .flatMap((folder) => allSourcesIn(folder))
    .filter(({ language }) => languages?.includes(language) ?? true);
  const seed = Number(values.seed);
  const stretches = stretchesOf(sources, Number(values.files), seed);
  console.log(`${model.name}, ${stretches.length} stretches of ${linesTyped} lines`);
  for (const threshold of values.thresholds.split(",").map(Number)) {
    const random = randomFrom(seed);
    const pauses: (Pause & { readonly path: string })[] = [];
    for (const stretch of stretches) {
      const replayed = await replay(model, stretch, {
        linesAbove: Infinity,
        threshold,
        pausesAt: () => random.below(1000) < pauseShare * 1000,
        neighbors: [],
        autoCloses: true,
      });
      pauses.push(...replayed.pauses.map((pause) => ({ ...pause, path: stretch.source.path })));
    }
    for (const language of [...new Set(pauses.map((pause) => pause.language)), "all"]) {
      console.log(
        lineOf(
          threshold,
          language,
          pauses.filter((one) => language === "all" || one.language === language),
        ),
      );
    }
    const examples = pauses.filter(({ damage }) => damage !== undefined).slice(0, Number(values.examples));
    for (const { path: file, depth, at, text, damage } of examples) {
      console.log(`  ${file}:${depth + 1}:${at + 1} ${damage ?? ""}: ${JSON.stringify(text)}`);
    }
  }
  await model.dispose();
}

function lineOf(threshold: number, language: string, pauses: readonly Pause[]): string {
  const shown = pauses.filter((pause) => pause.shown).length;
  const share = (kinds: readonly Damage[]): string => {
    const damaged = pauses.filter(({ damage }) => damage !== undefined && kinds.includes(damage)).length;
    return `${shown === 0 ? "0" : ((damaged / shown) * 100).toFixed(2)} % (${damaged})`.padStart(16);
  };
  return (
    `≥ ${threshold}`.padEnd(8) +
    language.padEnd(12) +
    `${pauses.length} pauses, ${shown} shown, damaged `.padStart(36) +
    share(["closed twice", "left open"]) +
    `, closed twice ${share(["closed twice"])}, left open ${share(["left open"])}`
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
