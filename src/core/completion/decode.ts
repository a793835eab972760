import type { Reading } from "../checkpoints/reading.js";
import type { CancellationToken, PromptFormat, TokenId, Tokenizer } from "../model.js";
import { cutAt, repetitionCut, type Extent } from "./stopRules.js";

/** What bounds one decoding. */
export interface DecodeOptions {
  readonly tokenizer: Tokenizer;
  readonly format: PromptFormat;
  /** The bytes that the first tokens must spell before new text begins (token healing). */
  readonly required: Uint8Array;
  readonly extent: Extent;
  readonly maxTokens: number;
  /** True once no further token should be decoded. */
  readonly isOverdue: () => boolean;
  readonly onToken: () => void;
  readonly cancellation: CancellationToken;
}

export interface Decoded {
  readonly text: string;
  readonly tokens: number;
  readonly stop: "sentinel" | "rule" | "repetition" | "limit" | "time";
}

/** Greedy decoding from a Reading whose last token's logits are given, until a stop rule holds. */
export async function decode(reading: Reading, first: Float32Array, options: DecodeOptions): Promise<Decoded> {
  const { tokenizer, extent } = options;
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  let required = options.required;
  let logits = first;
  let text = "";
  let tokens = 0;
  for (;;) {
    const token = required.length > 0 ? best(logits, tokenizer.entriesAgreeingWith(required)) : argmax(logits);
    tokens++;
    options.onToken();
    if (isSentinel(token, options.format)) return { text, tokens, stop: "sentinel" };
    const bytes = tokenizer.bytesOf(token);
    text += utf8.decode(bytes.subarray(Math.min(required.length, bytes.length)), { stream: true });
    required = required.subarray(Math.min(required.length, bytes.length));

    const cut = cutAt(text, extent);
    if (cut !== undefined) return { text: text.slice(0, cut), tokens, stop: "rule" };
    const repeated = repetitionCut(text);
    if (repeated !== undefined) return { text: text.slice(0, repeated), tokens, stop: "repetition" };
    if (tokens >= options.maxTokens) return { text, tokens, stop: "limit" };
    if (options.isOverdue()) return { text, tokens, stop: "time" };
    logits = await reading.read([token], { want: "last", cancellation: options.cancellation });
  }
}

/** The end of the document or of the middle, or a sentinel that has no place in text. */
function isSentinel(token: TokenId, format: PromptFormat): boolean {
  return (
    token === format.endOfDocument ||
    token === format.endOfMiddle ||
    token === format.suffix ||
    token === format.middle ||
    token === format.header
  );
}

function argmax(logits: Float32Array): TokenId {
  let top = 0;
  let most = -Infinity;
  for (let token = 0; token < logits.length; token++) {
    const logit = logits[token] ?? -Infinity;
    if (logit > most) {
      most = logit;
      top = token;
    }
  }
  return top as TokenId; // logits have one entry for each id
}

/** The likeliest of some tokens. */
function best(logits: Float32Array, among: readonly TokenId[]): TokenId {
  let top = among[0];
  for (const token of among) {
    if (top === undefined || (logits[token] ?? -Infinity) > (logits[top] ?? -Infinity)) top = token;
  }
  // Every byte of normalised text is an entry of its own, so `among` is never empty.
  if (top === undefined) throw new Error("no vocabulary entry agrees with the typed text");
  return top;
}
