import { CheckpointedReader, type InferenceContext } from "../states/checkpointedReader.js";
import { emptyBlockHash, TokenPrefix } from "../tokens/tokenPrefix.js";
import { applyFilters } from "../filters/applyFilters.js";
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import { decode } from "../decoding/decode.js";
import { decodeOptions, prepare, type RequestContext, type PreparedRequest } from "./preparedRequest.js";
import { readPrompt } from "./readPrompt.js";
import { pointAt, type Cursor } from "./pointAt.js";
import { randomFrom, sampleTopP } from "../decoding/sampler.js";
import { stopScopeAt } from "../decoding/stopRules.js";
import { SerialQueue } from "../../shared/serialQueue.js";
import type { CancellationToken } from "../../shared/cancellation.js";

export interface AlternativesOptions {
  /** The number of samples; there may be fewer alternatives. */
  readonly count: number;
  readonly maxTokens: number;
  /** True once no further token should be decoded, because time is up. */
  readonly isOverdue: () => boolean;
  readonly cancellation: CancellationToken;
}

/** Samples alternative texts for a position, all from one state, so the prompt is read only once. */
export class AlternativeGenerator {
  readonly #inference: InferenceContext;
  readonly #reader: CheckpointedReader;
  readonly #queue = new SerialQueue();

  constructor(inference: InferenceContext) {
    this.#inference = inference;
    this.#reader = new CheckpointedReader(
      inference,
      "inline",
      new TokenPrefix(emptyBlockHash(inference.model.id), 0, []),
    );
  }

  /** @throws Cancelled at most one model run after cancellation is requested. */
  generate(context: RequestContext & Cursor, options: AlternativesOptions): Promise<Insertion[]> {
    const prepared = prepare(context, this.#inference, Infinity);
    if (prepared === undefined) return Promise.resolve([]);
    const point = pointAt(context);
    return this.#queue.run(() => this.#draw({ ...prepared, point }, options), options.cancellation);
  }

  /** Resolves when all requests have ended; cancel them first. */
  async dispose(): Promise<void> {
    await this.#queue.drained();
    this.#reader.dispose();
  }

  async #draw(
    work: PreparedRequest & { readonly point: InsertionPoint },
    { count, maxTokens, isOverdue, cancellation }: AlternativesOptions,
  ): Promise<Insertion[]> {
    const { point } = work;
    const reader = this.#reader;
    const firstLogits = (await readPrompt(reader, work, cancellation)).slice(); // the next run overwrites the logits
    const start = reader.snapshot();
    const found = new Map<string, Insertion>();
    for (let i = 0; i < count && !isOverdue(); i++) {
      reader.restore(start.prefix, start.state);
      const { text } = await decode(reader, firstLogits, {
        ...decodeOptions(work, this.#inference.model),
        sampler: sampleTopP(randomFrom(start.prefix.tokenCount * 31 + i)),
        threshold: 0,
        scope: stopScopeAt(point),
        maxTokens,
        isOverdue,
        onToken: () => undefined,
        cancellation,
      });
      const shown = applyFilters(text, point);
      if (typeof shown !== "string") found.set(shown.text, shown);
    }
    return [...found.values()];
  }
}
