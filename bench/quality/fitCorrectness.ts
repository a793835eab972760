import { CheckpointStore } from "../../src/core/checkpoints/store.js";
import { DocumentCache, mostMatch } from "../../src/core/cache/documentCache.js";
import { Reading } from "../../src/core/checkpoints/reading.js";
import type { Correctness } from "../../src/core/calibration.js";
import { decode } from "../../src/core/completion/decode.js";
import { buildPrompt } from "../../src/core/completion/prompt.js";
import { OpenDocument } from "../../src/core/document/openDocument.js";
import { emptyBlockHash, TokenChain } from "../../src/core/document/tokenChain.js";
import { neverCancelled, type Model } from "../../src/core/model.js";
import { Scheduler } from "../../src/core/scheduler.js";
import type { Source } from "./sources.js";

/** The first so many tokens of an answer, and whether they are what the file says. */
export interface Attempt {
  readonly features: readonly number[];
  readonly isRight: boolean;
}

/** Answers at places of a file, as the editor would ask for them, each cut behind each of its tokens. */
export async function attemptsOf(
  model: Model,
  source: Source,
  { places, random }: { readonly places: number; readonly random: { below(limit: number): number } },
): Promise<Attempt[]> {
  const { tokenizer, prompt: format, id } = model;
  const emptyHash = emptyBlockHash(id);
  const origin = { uri: source.path, headerPath: source.headerPath };
  const document = new OpenDocument(origin, source.text, { tokenizer, prompt: format, emptyHash });
  const text = document.tokens;
  const lines = source.text.split("\n");
  const room = { model, scheduler: new Scheduler(), store: new CheckpointStore(2 ** 20) };
  const reading = new Reading(room, "inline", new TokenChain(emptyHash, 0, []));
  const attempts: Attempt[] = [];
  for (let place = 0; place < places; place++) {
    const line = random.below(Math.min(lines.length, 300));
    const own = lines[line] ?? "";
    const indent = /^\s*/.exec(own)?.[0].length ?? 0;
    if (own.length - indent < 3) continue;
    const at = random.below(2) === 0 ? indent : indent + random.below(own.length - indent);
    const prompt = buildPrompt(
      { document, line, typed: Buffer.from(own.slice(0, at)), suffix: [], mostWindowTokens: 0 },
      tokenizer,
      format,
    );
    const all = [...text.tokens(0, prompt.base), ...prompt.tail, ...prompt.typed];
    if (all.length === 0) continue;
    reading.restore(text.chainAt(0), undefined);
    const logits = await reading.read(all, { want: "last", cancellation: neverCancelled });
    const logProbabilities: number[] = [];
    const cache = new DocumentCache(text, { from: prompt.base, to: text.tokensEndingBy(document.lineEnd(line)) + 1 });
    let spelled = 0;
    const rest = Buffer.from(`${own.slice(at)}\n${lines[line + 1] ?? ""}`);
    const required = prompt.required.length;
    let agrees = true;
    await decode(reading, logits, {
      tokenizer,
      format,
      read: all.slice(-mostMatch),
      required: prompt.required,
      cache,
      calibration: model.calibration,
      threshold: 0,
      extent: { kind: "line", isBlank: false },
      maxTokens: 24,
      isOverdue: () => false,
      onToken: ({ token, logProbability }) => {
        logProbabilities.push(logProbability);
        const bytes = tokenizer.bytesOf(token);
        for (const byte of bytes) {
          const behind = spelled - required;
          if (behind >= 0 && rest[behind] !== byte) agrees = false;
          spelled++;
        }
        if (bytes.length === 0) agrees = false;
        attempts.push({ features: featuresOf(logProbabilities), isRight: agrees });
      },
      cancellation: neverCancelled,
    });
  }
  reading.dispose();
  return attempts;
}

function featuresOf(logProbabilities: readonly number[]): number[] {
  const sum = logProbabilities.reduce((a, b) => a + b, 0);
  return [1, sum, Math.min(...logProbabilities), Math.log(logProbabilities.length)];
}

const rounds = 30;

/** Logistic regression by Newton's method, held a little towards 0. */
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

/** How well the fitted chance tells right from wrong: chance and share right, in ten parts by chance. */
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
