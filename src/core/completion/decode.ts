import type { DocumentCache } from "../cache/documentCache.js";
import type { Calibration } from "../calibration.js";
import type { Reading } from "../checkpoints/reading.js";
import type { CancellationToken, PromptFormat, TokenId, Tokenizer } from "../model.js";
import { confidentPart, expectedCorrectness, isConfident, type ConfidenceStep } from "./confidence.js";
import { distributionOf, likeliest, type Choose, type NextToken } from "./nextToken.js";
import { cutAt, repetitionCut, type Extent } from "./stopRules.js";

/** What bounds one decoding. */
export interface DecodeOptions {
  readonly tokenizer: Tokenizer;
  readonly format: PromptFormat;
  /** The last tokens that were read: what the document is searched for. */
  readonly read: readonly TokenId[];
  /** The bytes that the first tokens must spell before new text begins (token healing). */
  readonly required: Uint8Array;
  /** Text that begins a sentinel: what is written ends before it. */
  readonly mark?: string | undefined;
  readonly cache: DocumentCache;
  readonly calibration: Calibration | undefined;
  /** The likeliest where absent. */
  readonly choose?: Choose;
  /** The expected correctness that a text must have to go on; 0 for none. */
  readonly threshold: number;
  readonly extent: Extent;
  /** No sentinel comes before there is any text. False where absent. */
  readonly mustBegin?: boolean;
  readonly maxTokens: number;
  /** True once no further token should be decoded. */
  readonly isOverdue: () => boolean;
  readonly onToken: (token: NextToken) => void;
  /** Hears of the text so far after each token that did not end it. */
  readonly onText?: (text: string) => void;
  readonly cancellation: CancellationToken;
}

export interface Decoded {
  readonly text: string;
  readonly tokens: number;
  readonly stop: "sentinel" | "rule" | "repetition" | "limit" | "time" | "confidence";
  /** The expected correctness after each token, as far as the model has fitted numbers. */
  readonly steps: readonly ConfidenceStep[];
}

/**
 * Decoding from a Reading whose last token's logits are given, until a stop rule holds: at each step a token of the
 * model's distribution mixed with what the document has in places like this.
 */
export async function decode(reading: Reading, first: Float32Array, options: DecodeOptions): Promise<Decoded> {
  const { tokenizer, extent, calibration, choose = likeliest } = options;
  const gate = { correctness: calibration?.correctness, threshold: options.threshold };
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  const read = [...options.read];
  const logProbabilities: number[] = [];
  const steps: ConfidenceStep[] = [];
  let required = options.required;
  let logits = first;
  let text = "";
  for (;;) {
    const allowed = required.length > 0 ? tokenizer.entriesAgreeingWith(required) : undefined;
    const guess = calibration === undefined ? undefined : options.cache.guess(read);
    const hasBegun = options.mustBegin !== true || text.trim() !== "";
    const possible = hasBegun ? logits : withoutSentinels(logits, options.format);
    const next = choose(distributionOf(possible, allowed), guess, calibration?.mixture);
    const { token } = next;
    read.push(token);
    logProbabilities.push(next.logProbability);
    const tokens = logProbabilities.length;
    options.onToken(next);
    const before = text.length;
    if (!isSentinel(token, options.format)) {
      const bytes = tokenizer.bytesOf(token);
      text += utf8.decode(bytes.subarray(Math.min(required.length, bytes.length)), { stream: true });
      required = required.subarray(Math.min(required.length, bytes.length));
    }
    if (gate.correctness !== undefined) {
      steps.push({ units: before, correctness: expectedCorrectness(gate.correctness, logProbabilities) });
    }
    if (!isConfident(gate, logProbabilities))
      return { text: confidentPart(text, before), tokens, stop: "confidence", steps };
    if (isSentinel(token, options.format)) return { text, tokens, stop: "sentinel", steps };
    const marked = options.mark === undefined ? -1 : text.indexOf(options.mark);
    if (marked >= 0) return { text: text.slice(0, marked), tokens, stop: "sentinel", steps };

    const cut = cutAt(text, extent);
    if (cut !== undefined) return { text: text.slice(0, cut), tokens, stop: "rule", steps };
    const repeated = repetitionCut(text);
    if (repeated !== undefined) return { text: text.slice(0, repeated), tokens, stop: "repetition", steps };
    options.onText?.(text);
    if (tokens >= options.maxTokens) return { text, tokens, stop: "limit", steps };
    if (options.isOverdue()) return { text, tokens, stop: "time", steps };
    logits = await reading.read([token], { want: "last", cancellation: options.cancellation });
  }
}

function withoutSentinels(logits: Float32Array, format: PromptFormat): Float32Array {
  const others = logits.slice();
  for (const token of sentinelsOf(format)) if (token !== undefined) others[token] = -Infinity;
  return others;
}

/** The end of the document or of the middle, or a sentinel that has no place in text. */
function isSentinel(token: TokenId, format: PromptFormat): boolean {
  return sentinelsOf(format).includes(token);
}

function sentinelsOf({ endOfDocument, endOfMiddle, suffix, middle, header }: PromptFormat): (TokenId | undefined)[] {
  return [endOfDocument, endOfMiddle, suffix, middle, header];
}
