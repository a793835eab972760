import { parseArgs } from "node:util";
import { type Reader, type TokenId } from "../core/model.js";
import { loadWeights } from "../rwkv/load.js";
import { isWeightFormat } from "../rwkv/weights/matrices.js";
import { engineName } from "./engineName.js";
import { UsageError } from "./usageError.js";
import { print, printCode, printJson } from "./output.js";
import { neverCancelled } from "../shared/cancellation.js";

const usage =
  "logits MODEL --tokens 1,2,3 [--chunk N] [--greedy N] [--weights fp32|int8|int4] [--engine auto|native|onnxruntime] [--threads N] --json";

/** The command `logits`: the model's logits after some tokens, for comparison with other implementations. */
export async function logits(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      tokens: { type: "string" },
      chunk: { type: "string" },
      greedy: { type: "string" },
      weights: { type: "string" },
      engine: { type: "string" },
      threads: { type: "string" },
      json: { type: "boolean" },
    },
  });
  const [modelPath] = positionals;
  const weights = values.weights ?? "fp32";
  if (modelPath === undefined || positionals.length !== 1 || values.tokens === undefined) throw new UsageError(usage);
  if (!isWeightFormat(weights)) throw new UsageError(usage);
  const tokens = values.tokens.split(",").map((token) => wholeNumber(token));
  const chunk = wholeNumber(values.chunk ?? "64");
  const greedy = wholeNumber(values.greedy ?? "0");
  if (chunk === 0) throw new UsageError(usage);

  const { engine, dimensions } = await loadWeights(
    modelPath,
    weights,
    wholeNumber(values.threads ?? "1"),
    engineName(values.engine, usage),
  );
  const outside = tokens.find((token) => token >= dimensions.vocabularySize);
  if (outside !== undefined)
    throw new Error(`token ${outside} is not in the vocabulary; give tokens below ${dimensions.vocabularySize}`);
  const reader = engine.open();
  try {
    const start = performance.now();
    const after = await readInChunks(reader, tokens as TokenId[], chunk); // each number was checked above
    const result = {
      logits: [...after],
      greedy: await greedyRun(reader, after, greedy),
      ms: performance.now() - start,
    };
    if (values.json === true) printJson(result);
    else show(result);
  } finally {
    reader.dispose();
    await engine.dispose();
  }
}

async function readInChunks(reader: Reader, tokens: readonly TokenId[], chunk: number): Promise<Float32Array> {
  let logits: Float32Array = new Float32Array();
  for (let at = 0; at < tokens.length; at += chunk) {
    logits = await reader.feed(tokens.slice(at, at + chunk), "last", neverCancelled);
  }
  return logits.slice();
}

/** Decodes `count` tokens, choosing the most likely one each time. */
async function greedyRun(reader: Reader, after: Float32Array, count: number): Promise<TokenId[]> {
  const run: TokenId[] = [];
  let logits = after;
  while (run.length < count) {
    const token = top(logits);
    run.push(token);
    logits = await reader.feed([token], "last", neverCancelled);
  }
  return run;
}

function top(logits: Float32Array): TokenId {
  // The index of a logit is a token id.
  return logits.indexOf(logits.reduce((a, b) => Math.max(a, b), -Infinity)) as TokenId;
}

function show({ logits, greedy, ms }: { logits: readonly number[]; greedy: readonly number[]; ms: number }): void {
  const best = logits.map((logit, token) => ({ token, logit })).sort((a, b) => b.logit - a.logit);
  for (const { token, logit } of best.slice(0, 10)) print(`${String(token).padStart(6)}  ${logit.toFixed(6)}`);
  if (greedy.length > 0) printCode(`greedy: ${greedy.join(",")}`);
  print(`${ms.toFixed(1)} ms`);
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text.trim())) throw new UsageError(usage);
  return Number(text);
}
