import path from "node:path";
import { parseArgs } from "node:util";
import { loadModel } from "../../src/rwkv/load.js";
import { isWeightFormat } from "../../src/rwkv/weights/matrices.js";
import { randomFrom } from "../../test/support/random.js";
import { sampled, sourcesIn } from "./sources.js";
import { measure, tokensOf, type Tally } from "./bits.js";

const usage = "npm run quality:bpb -- DIR… [--model DIR] [--weights fp32|int8|int4] [--files N] [--json]";
const measuredTokens = 512;

/** Prints each language's bits per byte, measured on the starts of its files. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: "string" },
      weights: { type: "string", default: "int8" },
      files: { type: "string", default: "48" },
      json: { type: "boolean", default: false },
    },
  });
  if (positionals.length === 0) throw new Error(`usage: ${usage}`);
  const { weights } = values;
  if (!isWeightFormat(weights)) throw new Error(`usage: ${usage}`);
  const model = await loadModel(values.model ?? path.join(__dirname, "../../models/default"), { threads: 1, weights });
  const sources = positionals.flatMap(sourcesIn);

  const byLanguage: Record<string, number> = {};
  const some = sampled(sources, Number(values.files), randomFrom(1));
  for (const language of new Set(sources.map((one) => one.language))) {
    const files = some.filter((one) => one.language === language);
    const tally: Tally = { bits: 0, bytes: 0 };
    for (const file of files) await measure(model, tokensOf(model, file).slice(0, measuredTokens), () => tally);
    byLanguage[language] = tally.bits / tally.bytes;
  }

  if (values.json) console.log(JSON.stringify({ model: model.name, engine: model.engine, byLanguage }));
  else show(model.engine, byLanguage);
  await model.dispose();
}

function show(engine: string, byLanguage: Readonly<Record<string, number>>): void {
  console.log(`${engine}\nbits per byte, first ${measuredTokens} tokens of each file:`);
  for (const [language, bits] of Object.entries(byLanguage)) console.log(`  ${language.padEnd(12)}${bits.toFixed(3)}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
