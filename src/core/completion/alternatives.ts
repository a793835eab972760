import { Reading, type ReadingRoom } from "../checkpoints/reading.js";
import { emptyBlockHash, TokenChain } from "../document/tokenChain.js";
import { filtered } from "../filters/all.js";
import type { CancellationToken } from "../model.js";
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import { decode } from "./decode.js";
import { decodingAt, preparedAt, readPrompt, type Place, type Prepared } from "./prepared.js";
import { pointAt, type Cursor } from "./pointAt.js";
import { randomFrom, sampling } from "./sampler.js";
import { extentAt } from "./stopRules.js";
import { Turns } from "../turns.js";

export interface AlternativesOptions {
  /** How many drawings; equal ones count once, so there may be fewer alternatives. */
  readonly count: number;
  readonly maxTokens: number;
  /** True once no further token should be decoded. */
  readonly isOverdue: () => boolean;
  readonly cancellation: CancellationToken;
}

/** Other texts for a place, drawn by chance from one state: the prompt is read once, whatever their number. */
export class Alternatives {
  readonly #room: ReadingRoom;
  readonly #reading: Reading;
  readonly #turns = new Turns();

  constructor(room: ReadingRoom) {
    this.#room = room;
    this.#reading = new Reading(room, "inline", new TokenChain(emptyBlockHash(room.model.id), 0, []));
  }

  /** @throws Cancelled within one run of the token being set. */
  at(place: Place & Cursor, options: AlternativesOptions): Promise<Insertion[]> {
    const prepared = preparedAt(place, this.#room, Infinity);
    if (prepared === undefined) return Promise.resolve([]);
    const point = pointAt(place);
    return this.#turns.take(() => this.#draw({ ...prepared, point }, options), options.cancellation);
  }

  /** Resolves when the request under way has ended; cancel it first. */
  async dispose(): Promise<void> {
    await this.#turns.ended();
    this.#reading.dispose();
  }

  async #draw(
    work: Prepared & { readonly point: InsertionPoint },
    { count, maxTokens, isOverdue, cancellation }: AlternativesOptions,
  ): Promise<Insertion[]> {
    const { point } = work;
    const reading = this.#reading;
    const first = (await readPrompt(reading, work, cancellation)).slice(); // the next run writes over it
    const start = reading.mark();
    const found = new Map<string, Insertion>();
    for (let i = 0; i < count && !isOverdue(); i++) {
      reading.restore(start.chain, start.state);
      const { text } = await decode(reading, first, {
        ...decodingAt(work, this.#room.model),
        choose: sampling(randomFrom(start.chain.tokenCount * 31 + i)),
        threshold: 0,
        extent: extentAt(point),
        maxTokens,
        isOverdue,
        onToken: () => undefined,
        cancellation,
      });
      const shown = filtered(text, point);
      if (shown !== undefined) found.set(shown.text, shown);
    }
    return [...found.values()];
  }
}
