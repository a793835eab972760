import { CheckpointedReader, type InferenceContext } from "../states/checkpointedReader.js";
import { emptyBlockHash, TokenPrefix } from "../tokens/tokenPrefix.js";
import { applyFilters } from "../filters/applyFilters.js";
import { byteLength, now } from "../platform.js";
import type { CompletionCounter } from "../statistics.js";
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import { completionPosition, type CompletionPosition } from "./pendingCompletion.js";
import { beforeRepetition, partAt, completePart } from "../decoding/confidence.js";
import { decode, type Decoded } from "../decoding/decode.js";
import type { DocumentSession } from "./documentSession.js";
import { decodeOptions, prepare, type RequestContext, type PreparedRequest } from "./preparedRequest.js";
import { pointAt } from "./pointAt.js";
import { stopScopeAt, type StopScope } from "../decoding/stopRules.js";
import { isWelcome } from "./welcome.js";
import { SerialQueue } from "../../shared/serialQueue.js";
import type { CancellationToken } from "../../shared/cancellation.js";

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
   * What to show at a place; undefined where nothing should be.
   * @throws Cancelled within one run of the token being set.
   */
  async complete(request: CompletionRequest, cancellation: CancellationToken): Promise<Insertion | undefined> {
    const point = pointAt(request);
    if (request.trigger === "automatic" && !isWelcome(point)) return undefined;
    const { pendingCompletion, document } = request.session;
    const position = completionPositionOf(request);
    const continuation = position && pendingCompletion.continuationAt(document, position);
    if (
      continuation !== undefined &&
      (continuation.isComplete || (request.trigger === "automatic" && !continuation.canContinue))
    ) {
      this.#counter.reused();
      return applyFilters(continuation.text, point);
    }
    // Everything that depends on the document is read here, before the first await.
    const limits = this.#limits();
    const prepared = prepare(request, this.#inference, limits.timeBudgetMs);
    if (prepared === undefined) return undefined;
    const scope = stopScopeAt(point);
    if (position !== undefined) pendingCompletion.expect(position);

    const work = { ...prepared, request, scope, limits };
    const decoded = await this.#queue.run(() => this.#run(work, cancellation), cancellation);
    const text = longerOf(continuation?.text ?? "", whole(decoded));
    const isComplete = prepared.plan.exact && decoded.stop !== "time" && decoded.stop !== "confidence";
    const shown = applyFilters(text, point);
    const part = shown === undefined ? surePart(decoded, thresholdsOver(request, limits), point) : undefined;
    if (position !== undefined) pendingCompletion.keep(position, part ?? text, isComplete && part === undefined);
    return part === undefined ? shown : applyFilters(part, point);
  }

  /** Resolves when the request under way has ended; cancel it first. */
  async dispose(): Promise<void> {
    await this.#queue.drained();
    this.#reader.dispose();
  }

  async #run(work: Work, cancellation: CancellationToken): Promise<Decoded> {
    const { request, prompt, plan, limits } = work;
    const { session } = request;
    const { model } = this.#inference;
    const reader = this.#reader;
    reader.restore(plan.from, plan.state);
    let logits = plan.logits;
    if (plan.base.length + plan.suffix.length + plan.tail.length > 0) {
      logits = await this.#readPrompt(work, cancellation);
    }
    if (prompt.linePrefix.length > 0) logits = await reader.read(prompt.linePrefix, { want: "last", cancellation });
    if (logits === undefined) throw new Error("a prompt of no tokens");

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
      exact: plan.exact,
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

  /** Reads up to where the line's own text begins and keeps that state for as long as the cursor stays on the line. */
  async #readPrompt(
    { request, prompt, plan }: Work,
    cancellation: CancellationToken,
  ): Promise<Float32Array | undefined> {
    const { session } = request;
    const { base, suffix, tail } = plan;
    const reader = this.#reader;
    // Behind a suffix they are kept even if something was typed: without them, deleting it would read the window anew.
    const wantsLogits = prompt.linePrefix.length === 0 || prompt.suffix.length > 0;
    const want = (tokensLeft: number): "last" | "none" => (wantsLogits && tokensLeft === 0 ? "last" : "none");
    let logits = await reader.read(base, {
      want: want(suffix.length + tail.length),
      cancellation,
      savePolicy: session.checkpoints,
    });
    if (suffix.length > 0) {
      if (base.length > 0) this.#keepCheckpoint(session, "base");
      logits = await reader.read(suffix, { want: want(tail.length), cancellation });
      this.#keepCheckpoint(session, "below");
    }
    if (tail.length > 0) logits = await reader.read(tail, { want: want(0), cancellation });
    this.#keepCheckpoint(session, "line");
    // The Reader writes over its logits with the next run.
    session.logits = wantsLogits ? { key: reader.prefix.key, logits: logits.slice() } : undefined;
    return session.logits?.logits;
  }

  /** Makes a checkpoint of where it stands, which is the end of a stretch, in place of the stretch's last one. */
  #keepCheckpoint({ promptCheckpoints }: DocumentSession, stage: "base" | "below" | "line"): void {
    const { prefix } = this.#reader;
    this.#reader.save();
    const previous = promptCheckpoints.get(stage);
    promptCheckpoints.set(stage, prefix.copy());
    // At the end of a block it may be one of the document's grid.
    if (previous === undefined || previous.remainder.length === 0) return;
    // Two stretches are one where nothing lies between their ends.
    if (![...promptCheckpoints.values()].some(({ key }) => key === previous.key))
      this.#inference.store.delete(previous.key);
  }
}

interface Work extends PreparedRequest {
  readonly request: CompletionRequest;
  readonly scope: StopScope;
  readonly limits: CompleterLimits;
}

/** What is worth showing of a text that something else than its end ended. */
function whole({ text, stop }: Decoded): string {
  if (stop === "repetition") return beforeRepetition(text);
  return stop === "time" || stop === "limit" ? completePart(text) : text;
}

/**
 * What a stricter setting shows of a text of which filters leave nothing: whoever asks for more sees no less. A line that
 * repeats another one as a whole, for instance, may begin as the line that is wanted.
 */
function surePart({ text, steps }: Decoded, thresholds: readonly number[], point: InsertionPoint): string | undefined {
  const parts = thresholds.map((threshold) => partAt(threshold, text, steps));
  return parts.find((part) => part !== undefined && applyFilters(part, point) !== undefined);
}

function thresholdsOver(request: CompletionRequest, limits: CompleterLimits): readonly number[] {
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
