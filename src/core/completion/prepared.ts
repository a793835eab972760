import { DocumentCache, mostMatch, type Neighbour } from "../cache/documentCache.js";
import type { Reading, ReadingRoom } from "../checkpoints/reading.js";
import type { CancellationToken, Model, TokenId } from "../model.js";
import type { DecodeOptions } from "./decode.js";
import type { DocumentSession } from "./documentSession.js";
import { planReading, type LongPrefix, type ReadingPlan } from "./plan.js";
import type { Prompt } from "./prompt.js";
import { promptAt } from "./promptAt.js";

/** A place in a document, as the request saw it. Text is normalised. */
export interface Place {
  readonly session: DocumentSession;
  readonly line: number;
  /** The line before the cursor. */
  readonly typed: string;
  readonly longPrefix: LongPrefix;
  /** Other open documents, the likeliest to help first. */
  readonly neighbours: readonly Neighbour[];
}

/** Everything that decoding at a place needs of the document, read in one go before the first `await`. */
export interface Prepared {
  readonly prompt: Prompt;
  readonly plan: ReadingPlan;
  /** The last tokens of the document before what is typed. */
  readonly context: readonly TokenId[];
  readonly cache: DocumentCache;
}

/** Undefined at the start of a document without a header: there is nothing to go on from. */
export function preparedAt(place: Place, { model, store }: ReadingRoom, timeBudgetMs: number): Prepared | undefined {
  const { session, line, longPrefix, neighbours } = place;
  const prompt = promptAt(place, model, timeBudgetMs);
  const { base, below, tail, typed, cursor } = prompt;
  if (base + below.length + tail.length + typed.length === 0) return undefined;
  const text = session.document.tokens;
  const own = { from: cursor, to: text.tokensEndingBy(session.document.lineEnd(line)) + 1 };
  return {
    prompt,
    plan: planReading(session, prompt, store, longPrefix),
    context: text.tokens(Math.max(0, cursor - mostMatch), cursor),
    cache: new DocumentCache(text, own, neighbours),
  };
}

/** Goes to the plan's state and reads what is left of the prompt. @returns the logits that decoding begins with. */
export async function readPrompt(
  reading: Reading,
  { prompt, plan }: Prepared,
  cancellation: CancellationToken,
): Promise<Float32Array> {
  reading.restore(plan.from, plan.state);
  const left = [...plan.above, ...plan.below, ...plan.tail, ...prompt.typed];
  const logits = left.length > 0 ? await reading.read(left, { want: "last", cancellation }) : plan.logits;
  if (logits === undefined) throw new Error("a prompt of no tokens");
  return logits;
}

/** What decoding takes from the place and the model, whatever bounds it. */
export function decodingAt(
  { prompt, context, cache }: Prepared,
  { tokenizer, prompt: format, calibration }: Model,
): Pick<DecodeOptions, "tokenizer" | "format" | "read" | "required" | "mark" | "cache" | "calibration"> {
  const { typed, required, mark } = prompt;
  return { tokenizer, format, read: [...context, ...typed], required, mark, cache, calibration };
}
