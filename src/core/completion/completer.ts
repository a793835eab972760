import { CheckpointedReader, type InferenceContext } from "../states/checkpointedReader.js";
import { emptyBlockHash, TokenPrefix } from "../tokens/tokenPrefix.js";
import { applyFilters } from "../filters/applyFilters.js";
import { byteLength, now } from "../platform.js";
import type { CompletionCounter } from "../statistics.js";
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import { completionPosition, type CompletionPosition, type Continuation } from "./pendingCompletion.js";
import { beforeRepetition, partAt, completePart } from "../decoding/confidence.js";
import { decode, type Decoded } from "../decoding/decode.js";
import { decodeOptions, prepare, type RequestContext, type PreparedRequest } from "./preparedRequest.js";
import type { ReadPlan } from "./readPlan.js";
import { readPrompt } from "./readPrompt.js";
import { pointAt } from "./pointAt.js";
import { stopScopeAt, type StopScope } from "../decoding/stopRules.js";
import { isWelcome } from "./welcome.js";
import { SerialQueue } from "../../shared/serialQueue.js";
import type { CancellationToken } from "../../shared/cancellation.js";
import type { NothingShown } from "../../shared/nothingShown.js";

/** What a request for ghost text says beside its place. */
export interface CompletionRequest extends RequestContext {
  /** The line before the cursor; with the selected IntelliSense entry in place of what it replaces. */
  readonly linePrefix: string;
  readonly afterCursor: string;
  /** True where `typed` is what the document has: only then can an answer be typed through. */
  readonly isInDocument: boolean;
  readonly trigger: "automatic" | "invoked";
  /** On the clock of platform.ts. */
  readonly arrivedMs: number;
}

export interface CompleterLimits {
  readonly timeBudgetMs: number;
  readonly maxTokens: number;
  /** The expected correctness an automatic answer must have; 0 for none. */
  readonly threshold: number;
  /** If filters leave nothing of a text, what a higher one of these leaves of it is shown. */
  readonly otherThresholds?: readonly number[];
}

/** Answers requests for ghost text, one after the other, from the nearest checkpoint. */
export class Completer {
  readonly #inference: InferenceContext;
  readonly #counter: CompletionCounter;
  readonly #limits: () => CompleterLimits;
  readonly #reader: CheckpointedReader;
  readonly #queue = new SerialQueue();

  constructor(inference: InferenceContext, counter: CompletionCounter, limits: () => CompleterLimits) {
    this.#inference = inference;
    this.#counter = counter;
    this.#limits = limits;
    this.#reader = new CheckpointedReader(
      inference,
      "inline",
      new TokenPrefix(emptyBlockHash(inference.model.id), 0, []),
    );
  }

  /**
   * What to show at a position, or why nothing is shown.
   * @throws Cancelled within one run of the token being set.
   */
  async complete(request: CompletionRequest, cancellation: CancellationToken): Promise<Insertion | NothingShown> {
    const point = pointAt(request);
    if (request.trigger === "automatic" && !isWelcome(point)) return { reason: "midLine" };
    const { pendingCompletion, document } = request.session;
    const position = completionPositionOf(request);
    const continuation = position && pendingCompletion.continuationAt(document, position);
    if (continuation !== undefined && isEnough(continuation, request)) {
      this.#counter.reused();
      const shown = applyFilters(continuation.text, point);
      return typeof shown === "string" ? { reason: shown } : shown;
    }
    // Everything that depends on the document is read here, before the first await.
    const limits = this.#limits();
    const prepared = prepare(request, this.#inference, limits.timeBudgetMs);
    if (prepared === undefined) return { reason: "emptyPrompt" };
    if (position !== undefined) pendingCompletion.expect(position);

    const work = { ...prepared, request, scope: stopScopeAt(point), limits };
    const decoded = await this.#queue.run(() => this.#decode(work, cancellation), cancellation);
    const text = longerOf(continuation?.text ?? "", completeText(decoded));
    const { shown, kept, isWhole } = judged(text, decoded, work, point);
    if (position !== undefined) pendingCompletion.keep(position, kept, isWhole && isFinal(decoded, prepared.plan));
    return shown;
  }

  /** Resolves when the request under way has ended; cancel it first. */
  async dispose(): Promise<void> {
    await this.#queue.drained();
    this.#reader.dispose();
  }

  async #decode(work: Work, cancellation: CancellationToken): Promise<Decoded> {
    const { request, prompt, plan, limits } = work;
    const { session } = request;
    const { model, store } = this.#inference;
    const reader = this.#reader;
    const logits = await readPrompt(reader, work, cancellation, { session, store });
    let msToFirstToken = 0;
    const decoded = await decode(reader, logits, {
      ...decodeOptions(work, model),
      threshold: thresholdOf(request, limits),
      scope: work.scope,
      maxTokens: limits.maxTokens,
      isOverdue: () => now() - request.arrivedMs > limits.timeBudgetMs,
      onToken: () => {
        msToFirstToken ||= now() - request.arrivedMs;
      },
      cancellation,
    });
    const tokensRead = plan.base.length + plan.suffix.length + plan.tail.length + prompt.linePrefix.length;
    this.#counter.ran({
      source: plan.source,
      exact: plan.source === "exact",
      promptTokens: plan.from.tokenCount + tokensRead,
      tokensRead,
      tokensFromCheckpoint: plan.from.tokenCount,
      tokensDecoded: decoded.tokens,
      msToFirstToken,
      ms: now() - request.arrivedMs,
    });
    session.cursorToken = prompt.cursorToken;
    return decoded;
  }
}

interface Work extends PreparedRequest {
  readonly request: CompletionRequest;
  readonly scope: StopScope;
  readonly limits: CompleterLimits;
}

/** The text without a last word or line that is incomplete, or that repeats. */
function completeText({ text, stop }: Decoded): string {
  if (stop === "repetition") return beforeRepetition(text);
  return stop === "time" || stop === "limit" ? completePart(text) : text;
}

/** True if no more of a pending completion has to be written. */
function isEnough({ isComplete, canContinue }: Continuation, { trigger }: CompletionRequest): boolean {
  return isComplete || (trigger === "automatic" && !canContinue);
}

/** True if asking again at the same position would give the same. */
function isFinal({ stop }: Decoded, { source }: ReadPlan): boolean {
  return (source === "exact" || source === "converged") && stop !== "time" && stop !== "confidence";
}

/** What is shown of a text or why nothing is, what is kept of it for later, and whether that is all of it. */
function judged(text: string, decoded: Decoded, { request, limits }: Work, point: InsertionPoint) {
  const filtered = applyFilters(text, point);
  if (typeof filtered !== "string") return { shown: filtered, kept: text, isWhole: true };
  const stricter = stricterPart(decoded, higherThresholds(request, limits), point);
  if (stricter !== undefined) return { shown: stricter.shown, kept: stricter.part, isWhole: false };
  const shown = text === "" ? emptyTextReason(decoded, thresholdOf(request, limits)) : { reason: filtered };
  return { shown, kept: text, isWhole: true };
}

/** Why there is no text that filters could judge. */
function emptyTextReason({ stop, steps, text }: Decoded, threshold: number): NothingShown {
  const correctness = steps.at(-1)?.correctness;
  if (stop === "confidence" && correctness !== undefined) return { reason: "belowThreshold", correctness, threshold };
  return { reason: stop === "repetition" && text !== "" ? "repeatsItself" : "nothingWritten" };
}

/**
 * What a stricter setting shows if the filters reject the whole text: a more permissive setting must not show less. For
 * example, a line that repeats another one may start like the line that is wanted.
 */
function stricterPart({ text, steps }: Decoded, thresholds: readonly number[], point: InsertionPoint) {
  for (const threshold of thresholds) {
    const part = partAt(threshold, text, steps);
    const shown = part === undefined ? undefined : applyFilters(part, point);
    if (part !== undefined && typeof shown === "object") return { part, shown };
  }
  return undefined;
}

function higherThresholds(request: CompletionRequest, limits: CompleterLimits): readonly number[] {
  const threshold = thresholdOf(request, limits);
  return (limits.otherThresholds ?? []).filter((one) => one > threshold).sort((a, b) => a - b);
}

/** Whoever asks wants to see what there is. */
function thresholdOf({ trigger }: CompletionRequest, limits: CompleterLimits): number {
  return trigger === "invoked" ? 0 : limits.threshold;
}

/** What was shown goes on, or stays: it does not become shorter while it is typed along. */
function longerOf(shown: string, text: string): string {
  return shown.startsWith(text) ? shown : text;
}

function completionPositionOf({
  session,
  line,
  linePrefix,
  isInDocument,
}: CompletionRequest): CompletionPosition | undefined {
  if (!isInDocument) return undefined;
  return completionPosition(session.document, line, session.document.lineStart(line) + byteLength(linePrefix));
}
