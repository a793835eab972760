import type { DocumentNgrams } from "./documentNgrams.js";
import type { Calibration } from "../calibration.js";
import type { CheckpointedReader } from "../states/checkpointedReader.js";
import { duringRun } from "../states/duringRun.js";
import type { Model, PromptFormat, TokenId, Tokenizer } from "../model.js";
import { distributionOf, greedy, type Sampler, type NextToken } from "./distribution.js";
import type { NgramPrediction } from "./ngramPrediction.js";
import { repetitionAtEnd, repetitionStop } from "./repetitionStops.js";
import { stopPosition, type StopScope } from "./stopRules.js";
import { TextEnds, type TextEnd } from "./textEnds.js";
import type { CancellationToken } from "../../shared/cancellation.js";

/** The inputs and limits of decoding one text. */
export interface DecodeOptions {
  readonly tokenizer: Tokenizer;
  readonly format: PromptFormat;
  /** The last tokens that were read. The n-gram predictions come from their matches. */
  readonly recentTokens: readonly TokenId[];
  /** The bytes that the first tokens must spell before new text begins (token healing). */
  readonly forcedBytes: Uint8Array;
  /** Decoding stops before this text, because it starts a sentinel. */
  readonly sentinelPrefix?: string | undefined;
  /** Only used with a calibration. */
  readonly ngrams: DocumentNgrams | undefined;
  readonly calibration: Calibration | undefined;
  readonly summarize?: Model["summarize"];
  /** Defaults to `greedy`. */
  readonly sampler?: Sampler;
  /** Decoding stops if the expected correctness falls below this; 0 for no limit. */
  readonly threshold: number;
  readonly scope: StopScope;
  /** If true, no sentinel token is chosen before there is visible text. Defaults to false. */
  readonly mustProduceText?: boolean;
  readonly maxTokens: number;
  /** Returns true once no further token should be decoded, because time is up. */
  readonly isOverdue: () => boolean;
  readonly onToken: (token: NextToken) => void;
  /** Called with the text so far after each token that does not end the text. */
  readonly onText?: (text: string) => void;
  readonly cancellation: CancellationToken;
}

export interface Decoded {
  readonly text: string;
  readonly tokens: number;
  readonly stop: "sentinel" | "rule" | "repetition" | "limit" | "time" | "confidence";
  /** The positions at which the text may end, in order; undefined without a calibration. */
  readonly ends: readonly TextEnd[] | undefined;
  /** The expected correctness of all decoded tokens, including those after `text`; undefined without a calibration. */
  readonly chance: number | undefined;
}

/**
 * Decodes a text token by token until it ends or a limit applies. Each token is chosen from the model's distribution,
 * mixed with the n-gram predictions if there is a calibration.
 * @param firstLogits the logits after the last token that `reader` has read.
 * @throws Cancelled between tokens, or within a model run if the engine supports it.
 */
export async function decode(
  reader: CheckpointedReader,
  firstLogits: Float32Array,
  options: DecodeOptions,
): Promise<Decoded> {
  const { tokenizer, scope, calibration, sampler = greedy } = options;
  const ends = new TextEnds(calibration?.correctness);
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  const recentTokens = [...options.recentTokens];
  let tokens = 0;
  let forcedBytes = options.forcedBytes;
  let logits = firstLogits;
  let text = "";
  const predict = (): NgramPrediction | undefined => calibration && options.ngrams?.predict(recentTokens);
  let prediction = predict();
  for (;;) {
    const allowed = forcedBytes.length > 0 ? tokenizer.tokensCompatibleWith(forcedBytes) : undefined;
    const hasBegun = options.mustProduceText !== true || text.trim() !== "";
    const allowedLogits = hasBegun ? logits : withoutSentinels(logits, options.format);
    const next = sampler(distributionOf(allowedLogits, allowed, options.summarize), prediction, calibration?.mixture);
    const { token } = next;
    recentTokens.push(token);
    tokens++;
    options.onToken(next);
    const before = text.length;
    if (!isSentinel(token, options.format)) {
      const bytes = tokenizer.bytesOf(token);
      text += utf8.decode(bytes.subarray(Math.min(forcedBytes.length, bytes.length)), { stream: true });
      forcedBytes = forcedBytes.subarray(Math.min(forcedBytes.length, bytes.length));
    }
    ends.add(next, text, before);
    const ended = (stop: Decoded["stop"], end: number | undefined): Decoded => {
      const written = text.slice(0, end);
      const repeatedUnits =
        stop === "rule" || stop === "limit" || stop === "time" ? repetitionAtEnd(written) : undefined;
      if (repeatedUnits !== undefined) return ended("repetition", repeatedUnits);
      const isFinished = stop === "sentinel" || stop === "rule";
      return {
        text: written,
        tokens,
        stop,
        ends: ends.finished(isFinished ? written.length : undefined),
        chance: ends.chance,
      };
    };
    if (isSentinel(token, options.format)) return ended("sentinel", undefined);
    const sentinelStart = options.sentinelPrefix === undefined ? -1 : text.indexOf(options.sentinelPrefix);
    if (sentinelStart !== -1) return ended("sentinel", sentinelStart);
    const stopUnits = stopPosition(text, scope);
    if (stopUnits !== undefined) return ended("rule", stopUnits);
    if ((ends.chance ?? 1) < options.threshold) return ended("confidence", undefined);
    const repetitionUnits = repetitionStop(text);
    if (repetitionUnits !== undefined) return ended("repetition", repetitionUnits);
    options.onText?.(text);
    if (tokens >= options.maxTokens) return ended("limit", undefined);
    if (options.isOverdue()) return ended("time", undefined);
    // The n-grams for the next token are searched while the run is in progress.
    const reading = reader.read([token], { want: "last", cancellation: options.cancellation });
    [logits, prediction] = await duringRun(reading, predict);
  }
}

function withoutSentinels(logits: Float32Array, format: PromptFormat): Float32Array {
  const others = logits.slice();
  for (const token of sentinelsOf(format)) if (token !== undefined) others[token] = -Infinity;
  return others;
}

/** True for any sentinel of the format. Each of them ends the text. */
function isSentinel(token: TokenId, format: PromptFormat): boolean {
  return sentinelsOf(format).includes(token);
}

function sentinelsOf({ endOfDocument, endOfMiddle, suffix, middle, header }: PromptFormat): (TokenId | undefined)[] {
  return [endOfDocument, endOfMiddle, suffix, middle, header];
}
