import path from "node:path";
import { parseArgs } from "node:util";
import { tokenize } from "../../src/core/tokens/healing.js";
import { distributionOf } from "../../src/core/decoding/distribution.js";
import { type Model, type TokenId } from "../../src/core/model.js";
import { normalizedBytes } from "../../src/core/tokens/normalize.js";
import { loadModel } from "../../src/rwkv/load.js";
import { isWeightFormat } from "../../src/rwkv/weights/matrices.js";
import { randomFrom } from "../../test/support/random.js";
import { sampled, sourcesIn, type Source } from "./sources.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

const usage = "npm run quality:bpb -- DIR… [--model DIR] [--weights fp32|int8|int4] [--files N] [--tokens N] [--json]";

/** Bits and bytes of a sequence of tokens. */
interface Tally {
  bits: number;
  bytes: number;
}

/** Bits per byte by language, for the start of each file; and for one text after prefixes of many lengths. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: "string" },
      weights: { type: "string", default: "int8" },
      files: { type: "string", default: "48" },
      tokens: { type: "string", default: "131072" },
      json: { type: "boolean", default: false },
    },
  });
  if (positionals.length === 0) throw new Error(`usage: ${usage}`);
  const { weights } = values;
  if (!isWeightFormat(weights)) throw new Error(`usage: ${usage}`);
  const model = await loadModel(values.model ?? path.join(__dirname, "../../models/default"), { threads: 1, weights });
  const sources = positionals.flatMap(sourcesIn);
  const languages = [...new Set(sources.map(({ language }) => language))];

  const byLanguage: Record<string, number> = {};
  const some = sampled(sources, Number(values.files), randomFrom(1));
  for (const language of languages) {
    const files = some.filter((one) => one.language === language);
    const tally: Tally = { bits: 0, bytes: 0 };
    for (const file of files) await measure(model, tokensOf(model, [file]).slice(0, 512), () => tally);
    byLanguage[language] = tally.bits / tally.bytes;
  }

  const byPrefix: Record<string, Record<string, number>> = {};
  for (const language of languages) {
    const own = sources.filter((one) => one.language === language);
    byPrefix[language] = await measurePrefixes(model, tokensOf(model, own).slice(0, Number(values.tokens)));
  }
  if (values.json) console.log(JSON.stringify({ model: model.name, engine: model.engine, byLanguage, byPrefix }));
  else show(model.engine, byLanguage, byPrefix);
  await model.dispose();
}

const measuredTokens = 2048;

/**
 * Measures the last tokens of a long text after increasingly long prefixes, to show the gain or cost of a longer
 * prefix.
 */
async function measurePrefixes(model: Model, tokens: readonly TokenId[]): Promise<Record<string, number>> {
  const from = tokens.length - measuredTokens;
  const result: Record<string, number> = {};
  for (let before = 128; before < 4 * from; before *= 4) {
    const start = Math.max(1, from - before);
    const tally: Tally = { bits: 0, bytes: 0 };
    const read = [...tokens.slice(0, 1), ...tokens.slice(start)];
    const ignored: Tally = { bits: 0, bytes: 0 };
    await measure(model, read, (position) => (position > from - start ? tally : ignored));
    result[from - start] = tally.bits / tally.bytes;
  }
  return result;
}

/** Header and text of a file. For several files, their concatenated texts under the first one's header. */
function tokensOf({ tokenizer, prompt }: Model, files: readonly Source[]): TokenId[] {
  const text = `${files[0]?.headerPath ?? ""}\n${files.map((file) => file.text).join("\n")}`;
  const bytes = normalizedBytes(text, tokenizer.sentinelBytes);
  const tokens = tokenize(tokenizer, bytes, 0, bytes.length);
  return prompt.header === undefined ? tokens : [prompt.header, ...tokens];
}

async function measure(model: Model, tokens: readonly TokenId[], tallyOf: (position: number) => Tally): Promise<void> {
  const { tokenizer, chunkTokens } = model;
  const reader = model.open();
  for (let at = 0; at + 1 < tokens.length; at += chunkTokens) {
    const chunk = tokens.slice(at, at + chunkTokens);
    const rows = await reader.feed(chunk, "all", neverCancelled);
    chunk.forEach((_, i) => {
      const next = tokens[at + i + 1];
      if (next === undefined) return;
      const logits = rows.subarray(i * tokenizer.vocabularySize, (i + 1) * tokenizer.vocabularySize);
      const tally = tallyOf(at + i + 1);
      tally.bits += (distributionOf(logits, undefined).logSum - (logits[next] ?? 0)) / Math.LN2;
      tally.bytes += tokenizer.bytesOf(next).length;
    });
  }
  reader.dispose();
}

function show(
  engine: string,
  byLanguage: Record<string, number>,
  byPrefix: Record<string, Record<string, number>>,
): void {
  console.log(`${engine}\nbits per byte, first 512 tokens of each file:`);
  for (const [language, bits] of Object.entries(byLanguage)) console.log(`  ${language.padEnd(12)}${bits.toFixed(3)}`);
  console.log(`bits per byte of the same ${measuredTokens} tokens, with so many before them:`);
  for (const [language, buckets] of Object.entries(byPrefix)) {
    const line = Object.entries(buckets).map(([to, bits]) => `${to}: ${bits.toFixed(3)}`);
    console.log(`  ${language.padEnd(12)}${line.join("  ")}`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
