import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import { DocumentNgrams, maxMatchTokens } from "../../src/core/decoding/documentNgrams.js";
import { CheckpointedReader } from "../../src/core/states/checkpointedReader.js";
import type { Correctness } from "../../src/core/calibration.js";
import { decode } from "../../src/core/decoding/decode.js";
import { buildPrompt } from "../../src/core/completion/prompt.js";
import { OpenDocument } from "../../src/core/tokens/openDocument.js";
import { emptyBlockHash, TokenPrefix } from "../../src/core/tokens/tokenPrefix.js";
import { type Model } from "../../src/core/model.js";
import { Scheduler } from "../../src/core/states/scheduler.js";
import type { Source } from "./sources.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

/** The first tokens of a completion, and whether they match the file. */
export interface Attempt {
  readonly features: readonly number[];
  readonly isRight: boolean;
}

/** Completions at positions of a file, as the editor would request them, cut after each of their tokens. */
export async function attemptsOf(
  model: Model,
  source: Source,
  { samples, random }: { readonly samples: number; readonly random: { below(limit: number): number } },
): Promise<Attempt[]> {
  const { tokenizer, prompt: format, id } = model;
  const emptyHash = emptyBlockHash(id);
  const origin = { uri: source.path, headerPath: source.headerPath };
  const document = new OpenDocument(origin, source.text, { tokenizer, prompt: format, emptyHash });
  const text = document.tokens;
  const lines = source.text.split("\n");
  const inference = { model, scheduler: new Scheduler(), store: new CheckpointStore(2 ** 20) };
  const reader = new CheckpointedReader(inference, "inline", new TokenPrefix(emptyHash, 0, []));
  const attempts: Attempt[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const line = random.below(Math.min(lines.length, 300));
    const own = lines[line] ?? "";
    const indent = /^\s*/.exec(own)?.[0].length ?? 0;
    if (own.length - indent < 3) continue;
    const at = random.below(2) === 0 ? indent : indent + random.below(own.length - indent);
    const prompt = buildPrompt(
      { document, line, linePrefix: Buffer.from(own.slice(0, at)), suffix: [], maxWindowTokens: 0 },
      tokenizer,
      format,
    );
    const all = [...text.tokens(0, prompt.baseTokens), ...prompt.tail, ...prompt.linePrefix];
    if (all.length === 0) continue;
    reader.restore(text.prefixAt(0), undefined);
    const logits = await reader.read(all, { want: "last", cancellation: neverCancelled });
    const logProbabilities: number[] = [];
    const ngrams = new DocumentNgrams(text, {
      from: prompt.baseTokens,
      to: text.tokensEndingBy(document.lineEnd(line)) + 1,
    });
    let spelled = 0;
    const rest = Buffer.from(`${own.slice(at)}\n${lines[line + 1] ?? ""}`);
    const required = prompt.forcedBytes.length;
    let agrees = true;
    await decode(reader, logits, {
      tokenizer,
      format,
      recentTokens: all.slice(-maxMatchTokens),
      forcedBytes: prompt.forcedBytes,
      ngrams,
      calibration: model.calibration,
      threshold: 0,
      scope: { kind: "line", isBlank: false },
      maxTokens: 24,
      isOverdue: () => false,
      onToken: ({ token, logProbability }) => {
        logProbabilities.push(logProbability);
        const bytes = tokenizer.bytesOf(token);
        for (const byte of bytes) {
          const afterCursor = spelled - required;
          if (afterCursor >= 0 && rest[afterCursor] !== byte) agrees = false;
          spelled++;
        }
        if (bytes.length === 0) agrees = false;
        attempts.push({ features: featuresOf(logProbabilities), isRight: agrees });
      },
      cancellation: neverCancelled,
    });
  }
  reader.dispose();
  return attempts;
}

function featuresOf(logProbabilities: readonly number[]): number[] {
  const sum = logProbabilities.reduce((a, b) => a + b, 0);
  return [1, sum, Math.min(...logProbabilities), Math.log(logProbabilities.length)];
}

const rounds = 30;

/** Logistic regression by Newton's method, slightly regularized toward 0. */
export function fitCorrectness(attempts: readonly Attempt[]): Correctness {
  let weights = [0, 0, 0, 0];
  for (let round = 0; round < rounds; round++) {
    const gradient: number[] = weights.map((weight) => -1e-3 * weight);
    const curvature: number[][] = weights.map((_, row) => weights.map((_, column) => (row === column ? 1e-3 : 0)));
    for (const { features, isRight } of attempts) {
      const p = chance(weights, features);
      features.forEach((a, row) => {
        gradient[row] = (gradient[row] ?? 0) + a * ((isRight ? 1 : 0) - p);
        features.forEach((b, column) => {
          const line = curvature[row];
          if (line !== undefined) line[column] = (line[column] ?? 0) + a * b * p * (1 - p);
        });
      });
    }
    const step = solved(curvature, gradient);
    weights = weights.map((weight, i) => weight + (step[i] ?? 0));
  }
  const [bias = 0, sum = 0, least = 0, length = 0] = weights.map((weight) => Number(weight.toFixed(4)));
  return { bias, sum, least, length };
}

function chance(weights: readonly number[], features: readonly number[]): number {
  return 1 / (1 + Math.exp(-weights.reduce((z, weight, i) => z + weight * (features[i] ?? 0), 0)));
}

/** Gauss–Jordan with pivoting: A x = b. */
function solved(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  for (let column = 0; column < rows.length; column++) {
    const rest = rows.slice(column).sort((a, b) => Math.abs(b[column] ?? 0) - Math.abs(a[column] ?? 0));
    rows.splice(column, rest.length, ...rest);
    const pivot = rows[column] ?? [];
    const scale = pivot[column] ?? 1;
    rows.forEach((row, i) => {
      const factor = i === column ? 0 : (row[column] ?? 0) / scale;
      if (factor !== 0) row.forEach((value, j) => (row[j] = value - factor * (pivot[j] ?? 0)));
    });
  }
  return rows.map((row, i) => (row.at(-1) ?? 0) / (row[i] ?? 1));
}

/** Calibration of the fitted probability: expected and actual correctness, in ten bins. */
export function reliability(attempts: readonly Attempt[], { bias, sum, least, length }: Correctness): string {
  const parts = Array.from({ length: 10 }, () => ({ count: 0, chance: 0, right: 0 }));
  for (const { features, isRight } of attempts) {
    const p = chance([bias, sum, least, length], features);
    const part = parts[Math.min(9, Math.floor(p * 10))];
    if (part === undefined) continue;
    part.count++;
    part.chance += p;
    part.right += isRight ? 1 : 0;
  }
  return parts
    .map(
      ({ count, chance: total, right }) =>
        `${String(count).padStart(7)}  expected ${(total / count).toFixed(2)}  right ${(right / count).toFixed(2)}`,
    )
    .join("\n");
}
