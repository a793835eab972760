import { Reading, type ReadingRoom } from "../checkpoints/reading.js";
import { emptyBlockHash, TokenChain } from "../document/tokenChain.js";
import { filtered } from "../filters/all.js";
import type { CancellationToken } from "../model.js";
import type { CompletionCounter } from "../statistics.js";
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import { answerPlace, type AnswerPlace } from "./answers.js";
import { beforeRepetition, partAt, wholePart } from "./confidence.js";
import { decode, type Decoded } from "./decode.js";
import type { DocumentSession } from "./documentSession.js";
import { decodingAt, preparedAt, type Place, type Prepared } from "./prepared.js";
import { pointAt } from "./pointAt.js";
import { extentAt, type Extent } from "./stopRules.js";
import { isWelcome } from "./welcome.js";
import { Turns } from "../turns.js";

/** What a request for ghost text says beside its place. */
export interface CompletionRequest extends Place {
  /** The line before the cursor; with the selected IntelliSense entry in place of what it replaces. */
  readonly typed: string;
  readonly rest: string;
  /** True where `typed` is what the document has: only then can an answer be typed through. */
  readonly isInDocument: boolean;
  readonly trigger: "automatic" | "invoked";
  /** On the clock of `performance.now()`. */
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
  readonly #room: ReadingRoom;
  readonly #counter: CompletionCounter;
  readonly #limits: () => CompleterLimits;
  readonly #reading: Reading;
  readonly #turns = new Turns();

  constructor(room: ReadingRoom, counter: CompletionCounter, limits: () => CompleterLimits) {
    this.#room = room;
    this.#counter = counter;
    this.#limits = limits;
    this.#reading = new Reading(room, "inline", new TokenChain(emptyBlockHash(room.model.id), 0, []));
  }

  /**
   * What to show at a place; undefined where nothing should be.
   * @throws Cancelled within one run of the token being set.
   */
  async complete(request: CompletionRequest, cancellation: CancellationToken): Promise<Insertion | undefined> {
    const point = pointAt(request);
    if (request.trigger === "automatic" && !isWelcome(point)) return undefined;
    const { answer, document } = request.session;
    const at = answerPlaceOf(request);
    const rest = at && answer.restAt(document, at);
    if (rest !== undefined && (rest.isWhole || (request.trigger === "automatic" && !rest.mayGoOn))) {
      this.#counter.reused();
      return filtered(rest.text, point);
    }
    // Everything that depends on the document is read here, before the first await.
    const limits = this.#limits();
    const prepared = preparedAt(request, this.#room, limits.timeBudgetMs);
    if (prepared === undefined) return undefined;
    const extent = extentAt(point);
    if (at !== undefined) answer.expect(at);

    const work = { ...prepared, request, extent, limits };
    const decoded = await this.#turns.take(() => this.#run(work, cancellation), cancellation);
    const text = goingOn(rest?.text ?? "", whole(decoded));
    const isWhole = prepared.plan.exact && decoded.stop !== "time" && decoded.stop !== "confidence";
    const shown = filtered(text, point);
    const part = shown === undefined ? surePart(decoded, thresholdsOver(request, limits), point) : undefined;
    if (at !== undefined) answer.keep(at, part ?? text, isWhole && part === undefined);
    return part === undefined ? shown : filtered(part, point);
  }

  /** Resolves when the request under way has ended; cancel it first. */
  async dispose(): Promise<void> {
    await this.#turns.ended();
    this.#reading.dispose();
  }

  async #run(work: Work, cancellation: CancellationToken): Promise<Decoded> {
    const { request, prompt, plan, limits } = work;
    const { session } = request;
    const { model } = this.#room;
    const reading = this.#reading;
    reading.restore(plan.from, plan.state);
    let logits = plan.logits;
    if (plan.above.length + plan.below.length + plan.tail.length > 0) {
      logits = await this.#readLine(work, cancellation);
    }
    if (prompt.typed.length > 0) logits = await reading.read(prompt.typed, { want: "last", cancellation });
    if (logits === undefined) throw new Error("a prompt of no tokens");

    let msToFirstToken = 0;
    const decoded = await decode(reading, logits, {
      ...decodingAt(work, model),
      threshold: thresholdOf(request, limits),
      extent: work.extent,
      maxTokens: limits.maxTokens,
      isOverdue: () => performance.now() - request.arrivedMs > limits.timeBudgetMs,
      onToken: () => {
        msToFirstToken ||= performance.now() - request.arrivedMs;
      },
      cancellation,
    });
    const tokensRead = plan.above.length + plan.below.length + plan.tail.length + prompt.typed.length;
    this.#counter.ran({
      exact: plan.exact,
      promptTokens: plan.from.tokenCount + tokensRead,
      tokensRead,
      tokensFromCheckpoint: plan.from.tokenCount,
      tokensDecoded: decoded.tokens,
      msToFirstToken,
      ms: performance.now() - request.arrivedMs,
    });
    session.cursor = prompt.cursor;
    return decoded;
  }

  /** Reads up to where the line's own text begins and keeps that state for as long as the cursor stays on the line. */
  async #readLine({ request, prompt, plan }: Work, cancellation: CancellationToken): Promise<Float32Array | undefined> {
    const { session } = request;
    const { above, below, tail } = plan;
    const reading = this.#reading;
    // Behind a suffix they are kept even if something was typed: without them, deleting it would read the window anew.
    const wantsLogits = prompt.typed.length === 0 || prompt.below.length > 0;
    const want = (tokensLeft: number): "last" | "none" => (wantsLogits && tokensLeft === 0 ? "last" : "none");
    let logits = await reading.read(above, {
      want: want(below.length + tail.length),
      cancellation,
      saving: session.checkpoints,
    });
    if (below.length > 0) {
      if (above.length > 0) this.#keep(session, "base");
      logits = await reading.read(below, { want: want(tail.length), cancellation });
      this.#keep(session, "below");
    }
    if (tail.length > 0) logits = await reading.read(tail, { want: want(0), cancellation });
    this.#keep(session, "line");
    // The Reader writes over its logits with the next run.
    session.logits = wantsLogits ? { key: reading.chain.key, logits: logits.slice() } : undefined;
    return session.logits?.logits;
  }

  /** Makes a checkpoint of where it stands, which is the end of a stretch, in place of the stretch's last one. */
  #keep({ kept }: DocumentSession, stretch: "base" | "below" | "line"): void {
    const { chain } = this.#reading;
    this.#reading.save();
    const left = kept.get(stretch);
    kept.set(stretch, chain.copy());
    // At the end of a block it may be one of the document's grid.
    if (left === undefined || left.remainder.length === 0) return;
    // Two stretches are one where nothing lies between their ends.
    if (![...kept.values()].some(({ key }) => key === left.key)) this.#room.store.delete(left.key);
  }
}

interface Work extends Prepared {
  readonly request: CompletionRequest;
  readonly extent: Extent;
  readonly limits: CompleterLimits;
}

/** What is worth showing of a text that something else than its end ended. */
function whole({ text, stop }: Decoded): string {
  if (stop === "repetition") return beforeRepetition(text);
  return stop === "time" || stop === "limit" ? wholePart(text) : text;
}

/**
 * What a stricter setting shows of a text of which filters leave nothing: whoever asks for more sees no less. A line that
 * repeats another one as a whole, for instance, may begin as the line that is wanted.
 */
function surePart({ text, steps }: Decoded, thresholds: readonly number[], point: InsertionPoint): string | undefined {
  const parts = thresholds.map((threshold) => partAt(threshold, text, steps));
  return parts.find((part) => part !== undefined && filtered(part, point) !== undefined);
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
function goingOn(shown: string, text: string): string {
  return shown.startsWith(text) ? shown : text;
}

function answerPlaceOf({ session, line, typed, isInDocument }: CompletionRequest): AnswerPlace | undefined {
  if (!isInDocument) return undefined;
  return answerPlace(session.document, line, session.document.lineStart(line) + Buffer.byteLength(typed));
}
