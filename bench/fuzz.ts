import { parseArgs } from "node:util";
import { fuzz } from "../test/fuzz/fuzz.js";
import { fuzzedReaders } from "../test/fuzz/readers.js";

const usage = "npm run fuzz -- [--reader NAME] [--seconds N] [--seed N] [--first N]";

/** Passes mutated files to each file reader for a given time. */
function main(): void {
  const { values } = parseArgs({
    options: {
      reader: { type: "string" },
      seconds: { type: "string", default: "300" },
      seed: { type: "string", default: `${Date.now() % 1_000_000}` },
      first: { type: "string", default: "0" },
    },
  });
  const readers = Object.entries(fuzzedReaders).filter(([name]) => (values.reader ?? name) === name);
  if (readers.length === 0) throw new Error(`readers: ${Object.keys(fuzzedReaders).join(", ")}; usage: ${usage}`);
  const [seed, first] = [Number(values.seed), Number(values.first)];
  for (const [name, reader] of readers) {
    console.log(`${name}: seed ${seed}, from case ${first}`);
    const end = performance.now() + 1000 * Number(values.seconds);
    const isDone = (): boolean => performance.now() >= end;
    const { cases, accepted } = fuzz(name, reader, { seed, first, isDone, folder: "out/fuzz" });
    console.log(`${name}: ${cases} cases, ${cases - accepted} refused, ${accepted} read`);
  }
}

try {
  main();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
