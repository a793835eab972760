import { CheckpointedReader, type InferenceContext } from "../states/checkpointedReader.js";
import { duringRun } from "../states/duringRun.js";
import { emptyBlockHash, TokenPrefix } from "../tokens/tokenPrefix.js";
import { applyFilters } from "../filters/applyFilters.js";
import { byteLength, now } from "../platform.js";
import type { CompletionCounter } from "../statistics.js";
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import { areClosersOnly } from "../structure/trace.js";
import { completionPosition, type CompletionPosition, type Continuation } from "./pendingCompletion.js";
import { beforeRepetition, completePart } from "../decoding/confidence.js";
import { decode, type Decoded } from "../decoding/decode.js";
import { worthReading } from "../decoding/readingBenefit.js";
import { decodeOptions, prepare, type RequestContext, type PreparedRequest } from "./preparedRequest.js";
import type { ReadPlan } from "./readPlan.js";
import { readPrompt } from "./readPrompt.js";
import { lazyPointAt } from "./pointAt.js";
import { stopScopeAt, type StopScope } from "../decoding/stopRules.js";
import { isWelcome } from "./welcome.js";
import { SerialQueue } from "../../shared/serialQueue.js";
import type { CancellationToken } from "../../shared/cancellation.js";
import type { NothingReason, NothingShown } from "../../shared/nothingShown.js";

/** A request for ghost text. */
export interface CompletionRequest extends RequestContext {
  /** The text of the line before the cursor, including the selected IntelliSense entry. */
  readonly linePrefix: string;
  readonly afterCursor: string;
  /**
   * False if `linePrefix` contains a selected IntelliSense entry, which is not in the document yet. Then no earlier
   * completion is reused.
   */
  readonly isInDocument: boolean;
  readonly trigger: "automatic" | "invoked";
  /** In milliseconds, as measured by `now` of platform.ts. */
  readonly arrivedMs: number;
}

export interface CompleterLimits {
  readonly timeBudgetMs: number;
  readonly maxTokens: number;
  /** The minimum expected correctness of an automatic completion; 0 for none. */
  readonly threshold: number;
}

/** Answers requests for ghost text, one after another. */
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
   * @throws Cancelled at most one model run after cancellation is requested.
   */
  async complete(request: CompletionRequest, cancellation: CancellationToken): Promise<Insertion | NothingShown> {
    const point = lazyPointAt(request);
    const isUnwelcome = request.trigger === "automatic" ? isWithinText(request, point) : isInsideWord(request);
    if (isUnwelcome) return { reason: "midLine" };
    const { pendingCompletion, document } = request.session;
    const position = completionPositionOf(request);
    const continuation = position && pendingCompletion.continuationAt(document, position);
    if (continuation !== undefined && isEnough(continuation, request)) {
      this.#counter.reused();
      return withReason(applyFilters(continuation.text, point()));
    }
    // Everything that depends on the document is read here, before the first await.
    const limits = this.#limits();
    const isDoubtful = position !== undefined && pendingCompletion.wasRejected(position);
    const threshold = thresholdOf(request, limits, isDoubtful);
    const prepared = prepare(request, this.#inference, limits.timeBudgetMs);
    if (prepared === undefined) return { reason: "emptyPrompt" };
    if (position !== undefined) pendingCompletion.expect(position);

    const work = { ...prepared, request, point, limits, threshold, edits: document.tokens.edits };
    const decoded = await this.#queue.run(() => this.#decode(work, cancellation), cancellation);
    const [first = "", ...others] = partsOf(decoded, threshold);
    const parts = [longerOf(continuation?.text ?? "", first), ...others];
    const { part, shown } = firstShown(parts, point());
    const isWhole = part === decoded.text;
    if (position !== undefined) {
      const isShown = typeof shown !== "string";
      pendingCompletion.keep(position, { text: part, isComplete: isWhole && isFinal(decoded, prepared.plan), isShown });
    }
    return part === "" ? emptyTextReason(decoded, threshold) : withReason(shown);
  }

  /** Resolves when all requests have ended; cancel them first. */
  async dispose(): Promise<void> {
    await this.#queue.drained();
    this.#reader.dispose();
  }

  async #decode(work: Work, cancellation: CancellationToken): Promise<Decoded> {
    const { request, prompt, plan, limits, threshold, point } = work;
    const { session } = request;
    const { model, store } = this.#inference;
    const reader = this.#reader;
    // The position is examined while the first run is in progress.
    const [logits, scope] = await duringRun(readPrompt(reader, work, cancellation, { session, store }), () =>
      examined(point),
    );
    let msToFirstToken = 0;
    const decoded = await decode(reader, logits, {
      ...decodeOptions(work, model),
      threshold,
      scope,
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
    // An edit in the meantime, even in a notebook cell above, may have moved the cursor.
    if (session.document.tokens.edits === work.edits) session.cursorToken = prompt.cursorToken;
    return decoded;
  }
}

interface Work extends PreparedRequest {
  readonly request: CompletionRequest;
  readonly point: () => InsertionPoint;
  readonly limits: CompleterLimits;
  readonly threshold: number;
  /** The number of edits of the document when the request was prepared. */
  readonly edits: number;
}

/** Examines the position in advance, because decoding and the filters will need it. @returns the scope of the text. */
function examined(point: () => InsertionPoint): StopScope {
  point().examine();
  return stopScopeAt(point());
}

/** The parts of a decoded text that may be shown, the best one first. */
function partsOf(decoded: Decoded, threshold: number): readonly string[] {
  const { text, ends, stop } = decoded;
  // A text that ends with a newline becomes a whole line above the text after the cursor. A part of it would be joined
  // with the text after the cursor, so only the whole is offered.
  if (stop === "rule" && text.endsWith("\n")) return [text];
  const parts = ends === undefined ? [] : worthReading(text, ends, threshold);
  return threshold > 0 && ends !== undefined ? parts : [completeText(decoded), ...parts];
}

/**
 * The best part that the filters accept; if they accept none, the best part of all and the reason. The filters may
 * reject the whole text but accept a part of it, for example the first words of a line if the whole line repeats
 * another.
 */
function firstShown(
  [best = "", ...others]: readonly string[],
  point: InsertionPoint,
): { readonly part: string; readonly shown: Insertion | NothingReason } {
  const shown = applyFilters(best, point);
  if (typeof shown !== "string") return { part: best, shown };
  for (const part of others) {
    const shorter = applyFilters(part, point);
    if (typeof shorter !== "string") return { part, shown: shorter };
  }
  return { part: best, shown };
}

/** True if the text after the cursor makes an automatic completion unwelcome. */
function isWithinText({ afterCursor }: CompletionRequest, point: () => InsertionPoint): boolean {
  return !areClosersOnly(afterCursor) && !isWelcome(point());
}

/** True if the cursor is between two characters of a word. Any text there would change the word. */
function isInsideWord({ linePrefix, afterCursor }: CompletionRequest): boolean {
  return /[\p{L}\p{N}_]$/u.test(linePrefix.slice(-2)) && /^[\p{L}\p{N}_]/u.test(afterCursor.slice(0, 2));
}

/** The text without its end, if that is a repetition or may be incomplete because a limit was reached. */
function completeText({ text, stop }: Decoded): string {
  if (stop === "repetition") return beforeRepetition(text);
  return stop === "time" || stop === "limit" ? completePart(text) : text;
}

/** True if a pending completion needs no further decoding. */
function isEnough({ isComplete, canContinue }: Continuation, { trigger }: CompletionRequest): boolean {
  return isComplete || (trigger === "automatic" && !canContinue);
}

/** True if a new request at the same position would give the same completion. */
function isFinal({ stop }: Decoded, { source }: ReadPlan): boolean {
  return (source === "exact" || source === "converged") && stop !== "time" && stop !== "confidence";
}

function withReason(shown: Insertion | NothingReason): Insertion | NothingShown {
  return typeof shown === "string" ? { reason: shown } : shown;
}

/** The reason why no part of the decoded text may be shown. */
function emptyTextReason({ stop, chance, text, ends }: Decoded, threshold: number): NothingShown {
  const correctness = ends?.[0]?.chance ?? chance;
  if (threshold > 0 && correctness !== undefined && correctness < threshold) {
    return { reason: "belowThreshold", correctness, threshold };
  }
  if (stop === "repetition" && text !== "") return { reason: "repeatsItself" };
  return { reason: text.trim() === "" ? "nothingWritten" : "notWorthReading" };
}

/** Added to the threshold after a rejection on the same line, because the model was wrong about that line. */
const rejectionDoubt = 0.1;

/** The threshold for a request; an invoked one has none (0). */
function thresholdOf({ trigger }: CompletionRequest, { threshold }: CompleterLimits, isDoubtful: boolean): number {
  if (trigger === "invoked" || threshold === 0) return 0;
  return isDoubtful ? threshold + rejectionDoubt : threshold;
}

/** Keeps the text shown if the new text is only its beginning: ghost text does not shrink while the user types it. */
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
