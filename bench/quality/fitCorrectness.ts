import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import { DocumentNgrams, maxMatchTokens, type MatchSource } from "../../src/core/decoding/documentNgrams.js";
import { CheckpointedReader } from "../../src/core/states/checkpointedReader.js";
import { correctnessFeatures, type Correctness } from "../../src/core/calibration.js";
import { decode } from "../../src/core/decoding/decode.js";
import { stopScopeAt, type StopScope } from "../../src/core/decoding/stopRules.js";
import { DocumentSession } from "../../src/core/completion/documentSession.js";
import { pointAt } from "../../src/core/completion/pointAt.js";
import { buildPrompt } from "../../src/core/completion/prompt.js";
import { OpenDocument } from "../../src/core/tokens/openDocument.js";
import { emptyBlockHash, TokenPrefix } from "../../src/core/tokens/tokenPrefix.js";
import { type Model } from "../../src/core/model.js";
import { Scheduler } from "../../src/core/states/scheduler.js";
import type { Source } from "./sources.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

/** The part of a completion before a position at which it may end, and whether this part matches the file. */
export interface Attempt {
  /** 1 for the bias, then the features in the order of `correctnessFeatures`. */
  readonly features: readonly number[];
  readonly isRight: boolean;
}

/** Maximum number of tokens of a completion within a line, and of one at the start of a block. */
const maxLineTokens = 32;
const maxBlockTokens = 64;
/** The cursor's line and the lines below it, this many in all, count as not typed yet, so they provide no n-grams. */
const untypedLines = 10;

export interface AttemptOptions {
  readonly samples: number;
  /** Number of additional positions at the start of a block, of which only parts with several lines are taken. */
  readonly blocks: number;
  readonly random: { below(limit: number): number };
  /** The other files of the workspace, from which n-grams are taken. */
  readonly workspace: MatchSource | undefined;
}

/**
 * Decodes completions at random positions of a file, as for an editor's request. Makes one attempt for each position at
 * which a completion may end.
 */
export async function attemptsOf(
  model: Model,
  source: Source,
  { samples, blocks, random, workspace }: AttemptOptions,
): Promise<Attempt[]> {
  const { tokenizer, prompt: format, id } = model;
  const emptyHash = emptyBlockHash(id);
  const origin = { uri: source.path, headerPath: source.headerPath };
  const document = new OpenDocument(origin, source.text, { tokenizer, prompt: format, emptyHash });
  const text = document.tokens;
  const lines = source.text.split("\n");
  const inference = { model, scheduler: new Scheduler(), store: new CheckpointStore(2 ** 20) };
  const session = new DocumentSession(document, inference.store, { weight: () => 0 });
  const reader = new CheckpointedReader(inference, "inline", new TokenPrefix(emptyHash, 0, []));
  let above = reader.snapshot();
  const attempts: Attempt[] = [];
  const scopeAt = ({ line, at }: Pick<Place, "line" | "at">): StopScope =>
    stopScopeAt(pointAt({ session, line, linePrefix: (lines[line] ?? "").slice(0, at), afterCursor: "" }));
  const blockStarts = lines
    .map((text, line) => ({ line, at: indentOf(text), isBlock: true }))
    .filter((place) => place.at < (lines[place.line] ?? "").length && scopeAt(place).kind === "block");
  const places = [...placesIn(lines, samples, random), ...drawn(blockStarts, blocks, random)];
  for (const { line, at, isBlock } of places.sort((a, b) => a.line - b.line || a.at - b.at)) {
    const linePrefix = (lines[line] ?? "").slice(0, at);
    const prompt = buildPrompt(
      { document, line, linePrefix: Buffer.from(linePrefix), suffix: [], maxWindowTokens: 0 },
      tokenizer,
      format,
    );
    const last = [...prompt.tail, ...prompt.linePrefix];
    if (last.length === 0) continue;
    reader.restore(above.prefix, above.state);
    const cancellation = neverCancelled;
    await reader.read(text.tokens(above.prefix.tokenCount, prompt.baseTokens), { want: "none", cancellation });
    above = reader.snapshot();
    const logits = await reader.read(last, { want: "last", cancellation });
    const lastLine = Math.min(lines.length - 1, line + untypedLines);
    const to = text.tokensEndingBy(document.lineEnd(lastLine)) + 1;
    const decoded = await decode(reader, logits, {
      tokenizer,
      format,
      recentTokens: [...text.tokens(0, prompt.baseTokens), ...last].slice(-maxMatchTokens),
      forcedBytes: prompt.forcedBytes,
      ngrams: new DocumentNgrams(text, { from: prompt.baseTokens, to }, [], workspace),
      calibration: model.calibration,
      threshold: 0,
      scope: scopeAt({ line, at }),
      maxTokens: isBlock ? maxBlockTokens : maxLineTokens,
      isOverdue: () => false,
      onToken: () => undefined,
      cancellation,
    });
    const truth = [(lines[line] ?? "").slice(at), ...lines.slice(line + 1, line + untypedLines)].join("\n");
    for (const { units, features } of decoded.ends ?? []) {
      if (isBlock && features.lines === 0) continue;
      const isRight = truth.startsWith(decoded.text.slice(0, units).trimEnd());
      attempts.push({ features: [1, ...correctnessFeatures.map((one) => features[one])], isRight });
    }
  }
  reader.dispose();
  return attempts;
}

interface Place {
  readonly line: number;
  /** Offset in the line, in UTF-16 code units. */
  readonly at: number;
  /** Whether the place was chosen as the start of a block. */
  readonly isBlock: boolean;
}

/** Random positions: starts of lines, ends of words and others. */
function placesIn(lines: readonly string[], count: number, random: { below(limit: number): number }): Place[] {
  const places: Place[] = [];
  for (let i = 0; i < count; i++) {
    const line = random.below(lines.length);
    const text = lines[line] ?? "";
    const indent = indentOf(text);
    if (text.length - indent < 3) continue;
    const ends = [...text.matchAll(/(?<=\w)(?!\w)/g)].map(({ index }) => index).filter((at) => at < text.length);
    const inLine =
      random.below(4) === 0 ? indent + random.below(text.length - indent) : ends[random.below(ends.length)];
    places.push({ line, at: random.below(4) === 0 ? indent : (inLine ?? indent), isBlock: false });
  }
  return places;
}

function indentOf(text: string): number {
  return /^\s*/.exec(text)?.[0].length ?? 0;
}

/** At most `count` random elements, each at most once. */
function drawn<T>(all: readonly T[], count: number, random: { below(limit: number): number }): T[] {
  const left = [...all];
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(random.below(left.length), 1)).flat();
}

const rounds = 30;

/** Fits a logistic regression by Newton's method, with a slight regularization toward 0. */
export function fitCorrectness(attempts: readonly Attempt[]): Correctness {
  let weights = [0, ...correctnessFeatures.map(() => 0)];
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
  const [bias = 0, ...others] = weights.map((weight) => Number(weight.toFixed(4)));
  return { bias, coefficients: Object.fromEntries(correctnessFeatures.map((one, i) => [one, others[i] ?? 0])) };
}

function chance(weights: readonly number[], features: readonly number[]): number {
  return 1 / (1 + Math.exp(-weights.reduce((z, weight, i) => z + weight * (features[i] ?? 0), 0)));
}

/** Solves A x = b by Gauss–Jordan elimination with pivoting. */
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

/** Expected and actual correctness in ten bins, to show how well the fitted probability is calibrated. */
export function reliability(attempts: readonly Attempt[], { bias, coefficients }: Correctness): string {
  const parts = Array.from({ length: 10 }, () => ({ count: 0, chance: 0, right: 0 }));
  for (const { features, isRight } of attempts) {
    const p = chance([bias, ...correctnessFeatures.map((one) => coefficients[one] ?? 0)], features);
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
