// Compares the model's predictions from packed states, and from states in half precision, with those from exact states:
// npm run bench:packing [-- FILE… --lines 2200]
import path from "node:path";
import { parseArgs } from "node:util";
import type { AnyState, Model, State } from "../../src/core/model.js";
import { emptyBlockHash } from "../../src/core/tokens/tokenPrefix.js";
import { OpenDocument } from "../../src/core/tokens/openDocument.js";
import { loadModel } from "../../src/rwkv/load.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { closeness, expectation, type Closeness } from "./closeness.js";
import { tableHead } from "./tableHead.js";
import { texts } from "./texts.js";

const placesPerFile = 24;
const predictions = 31;

const root = process.cwd();
const { values: options, positionals: files } = parseArgs({
  options: { lines: { type: "string", default: "2200" } },
  allowPositionals: true,
});

interface Form {
  readonly name: string;
  readonly of: (model: Model, state: State) => AnyState | undefined;
  readonly bytes: (model: Model) => number;
}

const forms: readonly Form[] = [
  { name: "fp16", of: (_, { data }) => ({ data: data.map(halfPrecision) }), bytes: (model) => model.stateBytes / 2 },
  { name: "packed (8 bits)", of: (model, state) => model.pack(state), bytes: (model) => model.packedStateBytes ?? NaN },
];

async function main(): Promise<void> {
  const model = await loadModel(path.join(root, "models/default"), { threads: 1 });
  const measured = forms.map((): Closeness[] => []);
  let [packMs, packed] = [0, 0];
  for (const { file, lines } of texts(files, Number(options.lines))) {
    for await (const [state, next] of placesIn(model, file, lines.join("\n"))) {
      const exact = await expectation(model, state, next.slice(0, 1), next.slice(1));
      for (const [i, form] of forms.entries()) {
        const startMs = performance.now();
        const other = form.of(model, state);
        if (other === undefined) throw new Error(`a state of ${file} cannot be kept as ${form.name}`);
        if (form.name !== "fp16") [packMs, packed] = [packMs + performance.now() - startMs, packed + 1];
        measured[i]?.push(closeness(exact, await expectation(model, other, next.slice(0, 1), next.slice(1))));
      }
    }
    console.error(file);
  }
  const head = "| states as | bytes | places | mean KL | largest KL | same top token | same 8 tokens |";
  console.log(tableHead(head));
  for (const [i, form] of forms.entries()) console.log(row(form.name, form.bytes(model), measured[i] ?? []));
  console.log(`\npacking takes ${(packMs / packed).toFixed(2)} ms`);
  await model.dispose();
}

/** Yields states at equally spaced places of a text, each with the tokens after it. */
async function* placesIn(model: Model, file: string, text: string) {
  const identity = { uri: `file:///${file}`, headerPath: `src/${file}` };
  const { tokens } = new OpenDocument(identity, text, { ...model, emptyHash: emptyBlockHash(model.id) });
  const reader = model.open();
  const step = Math.floor((tokens.tokenCount - predictions - 1) / placesPerFile);
  for (let end = step; end <= placesPerFile * step; end += step) {
    await reader.feed(tokens.tokens(end - step, end), "none", neverCancelled);
    yield [reader.save(), tokens.tokens(end, end + predictions + 1)] as const;
  }
  reader.dispose();
}

function row(name: string, bytes: number, all: readonly Closeness[]): string {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const percent = (values: readonly number[]): string => `${(100 * mean(values)).toFixed(1)} %`;
  const kl = all.map((one) => one.kl);
  const same = percent(all.map((one) => one.top1));
  const text = percent(all.map((one) => (one.sameText ? 1 : 0)));
  return `| ${name} | ${bytes} | ${all.length} | ${mean(kl).toFixed(5)} | ${Math.max(...kl).toFixed(5)} | ${same} | ${text} |`;
}

/** The nearest number that IEEE half precision can represent. @param value is within its range. */
function halfPrecision(value: number): number {
  const exponent = Math.max(-14, Math.floor(Math.log2(Math.abs(value) || 1)));
  const unit = 2 ** (exponent - 10);
  return Math.round(value / unit) * unit;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
