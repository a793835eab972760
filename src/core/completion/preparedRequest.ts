import { DocumentNgrams, maxMatchTokens, type MatchSource, type Neighbor } from "../decoding/documentNgrams.js";
import type { InferenceContext } from "../states/checkpointedReader.js";
import type { Model, TokenId } from "../model.js";
import type { DecodeOptions } from "../decoding/decode.js";
import type { DocumentSession } from "./documentSession.js";
import { planRead, type PrefixMode, type ReadPlan } from "./readPlan.js";
import type { Prompt } from "./prompt.js";
import { promptFor } from "./promptFor.js";
import { readLimits } from "./readLimits.js";

/** A place in a document, as the request saw it. Text is normalised. */
export interface RequestContext {
  readonly session: DocumentSession;
  readonly line: number;
  /** The line before the cursor. */
  readonly linePrefix: string;
  readonly prefixMode: PrefixMode;
  /** Other open documents, the likeliest to help first. */
  readonly neighbors: readonly Neighbor[];
  /** Other files of the workspace, if they are indexed. */
  readonly workspace?: MatchSource | undefined;
}

/** Everything that decoding at a place needs of the document, read in one go before the first `await`. */
export interface PreparedRequest {
  readonly prompt: Prompt;
  readonly plan: ReadPlan;
  /** The last tokens of the document before what is typed. */
  readonly recentTokens: readonly TokenId[];
  readonly ngrams: DocumentNgrams;
}

/** Undefined at the start of a document without a header: there is nothing to go on from. */
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
    ngrams: new DocumentNgrams(text, ownLine, neighbors, workspace),
  };
}

/** What decoding takes from the place and the model, whatever bounds it. */
export function decodeOptions(
  { prompt, recentTokens, ngrams }: PreparedRequest,
  { tokenizer, prompt: format, calibration }: Model,
): Pick<
  DecodeOptions,
  "tokenizer" | "format" | "recentTokens" | "forcedBytes" | "sentinelPrefix" | "ngrams" | "calibration"
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
  };
}
