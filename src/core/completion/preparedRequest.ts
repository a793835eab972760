import { DocumentNgrams, maxMatchTokens, type MatchSource, type Neighbor } from "../decoding/documentNgrams.js";
import type { InferenceContext } from "../states/checkpointedReader.js";
import type { Model, TokenId } from "../model.js";
import type { DecodeOptions } from "../decoding/decode.js";
import type { DocumentSession } from "./documentSession.js";
import { planRead, type PrefixMode, type ReadPlan } from "./readPlan.js";
import type { Prompt } from "./prompt.js";
import { promptFor } from "./promptFor.js";
import { readLimits } from "./readLimits.js";

/** A position in a document, as the request saw it. Text is normalized. */
export interface RequestContext {
  readonly session: DocumentSession;
  readonly line: number;
  /** The text of the cursor's line before the cursor. */
  readonly linePrefix: string;
  readonly prefixMode: PrefixMode;
  /** Other open documents in languages of the same family, the last used one first. */
  readonly neighbors: readonly Neighbor[];
  /** Other files of the workspace, if they are indexed. */
  readonly workspace?: MatchSource | undefined;
}

/** Everything that decoding needs from the document, read before the first `await`. */
export interface PreparedRequest {
  readonly prompt: Prompt;
  readonly plan: ReadPlan;
  /** The last tokens of the document before the line prefix. */
  readonly recentTokens: readonly TokenId[];
  /** Undefined if the model has no calibration: then nothing is mixed into its distribution. */
  readonly ngrams: DocumentNgrams | undefined;
}

/** Prepares a request. Undefined if the prompt is empty, as at the start of a document without a header. */
export function prepare(
  context: RequestContext,
  { model, store }: InferenceContext,
  timeBudgetMs: number,
): PreparedRequest | undefined {
  const { session, line, prefixMode, neighbors, workspace } = context;
  const prompt = promptFor(context, model, timeBudgetMs);
  const { baseTokens, suffix, tail, linePrefix, cursorToken } = prompt;
  if (baseTokens + suffix.length + tail.length + linePrefix.length === 0) return undefined;
  const text = session.document.tokens;
  const ownLine = { from: cursorToken, to: text.tokensEndingBy(session.document.lineEnd(line)) + 1 };
  return {
    prompt,
    plan: planRead(session, prompt, store, { prefixMode, ...readLimits(model, timeBudgetMs) }),
    recentTokens: text.tokens(Math.max(0, cursorToken - maxMatchTokens), cursorToken),
    // The constructor copies the tokens to be searched, so it is called only if decoding uses them.
    ngrams: model.calibration && new DocumentNgrams(text, ownLine, neighbors, workspace),
  };
}

/** The decoding options that depend only on the request and the model. */
export function decodeOptions(
  { prompt, recentTokens, ngrams }: PreparedRequest,
  { tokenizer, prompt: format, calibration, summarize }: Model,
): Pick<
  DecodeOptions,
  "tokenizer" | "format" | "recentTokens" | "forcedBytes" | "sentinelPrefix" | "ngrams" | "calibration" | "summarize"
> {
  const { linePrefix, forcedBytes, sentinelPrefix } = prompt;
  return {
    tokenizer,
    format,
    recentTokens: [...recentTokens, ...linePrefix],
    forcedBytes,
    sentinelPrefix,
    ngrams,
    calibration,
    summarize,
  };
}
