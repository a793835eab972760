import { Reading, type ReadingRoom } from "../checkpoints/reading.js";
import { emptyBlockHash, TokenChain } from "../document/tokenChain.js";
import { filtered } from "../filters/all.js";
import type { CandidateText, CompletionPlace } from "../filters/filter.js";
import type { CancellationToken } from "../model.js";
import { decode } from "./decode.js";
import { preparedAt, type Place } from "./prepared.js";
import { randomFrom, sampling } from "./sampler.js";
import { extentAt } from "./stopRules.js";

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
  #last: Promise<unknown> = Promise.resolve();

  constructor(room: ReadingRoom) {
    this.#room = room;
    this.#reading = new Reading(room, "inline", new TokenChain(emptyBlockHash(room.model.id), 0, []));
  }

  /**
   * @param around what filters look at.
   * @throws Cancelled within one run of the token being set.
   */
  at(place: Place, around: CompletionPlace, options: AlternativesOptions): Promise<CandidateText[]> {
    const prepared = preparedAt(place, this.#room, Infinity);
    if (prepared === undefined) return Promise.resolve([]);
    const turn = this.#last.then(() => this.#draw({ ...prepared, around }, options));
    this.#last = turn.catch(() => undefined); // whoever asked hears of the error; the next request only waits its turn
    return turn;
  }

  /** Resolves when the request under way has ended; cancel it first. */
  async dispose(): Promise<void> {
    await this.#last;
    this.#reading.dispose();
  }

  async #draw(
    { prompt, plan, context, cache, around }: NonNullable<ReturnType<typeof preparedAt>> & { around: CompletionPlace },
    { count, maxTokens, isOverdue, cancellation }: AlternativesOptions,
  ): Promise<CandidateText[]> {
    const { model } = this.#room;
    const reading = this.#reading;
    reading.restore(plan.from, plan.state);
    const prompted = [...plan.above, ...plan.tail, ...prompt.typed];
    const read =
      prompted.length > 0 ? await reading.read(prompted, { want: "last", cancellation }) : (plan.logits ?? undefined);
    if (read === undefined) return [];
    const first = read.slice(); // the Reader writes over its logits with the next run
    const start = reading.mark();
    const found = new Map<string, CandidateText>();
    for (let i = 0; i < count && !isOverdue(); i++) {
      reading.restore(start.chain, start.state);
      const { text } = await decode(reading, first, {
        tokenizer: model.tokenizer,
        format: model.prompt,
        read: [...context, ...prompt.typed],
        required: prompt.required,
        cache,
        calibration: model.calibration,
        choose: sampling(randomFrom(start.chain.tokenCount * 31 + i)),
        threshold: 0,
        extent: extentAt(around.typed, around.above),
        maxTokens,
        isOverdue,
        onToken: () => undefined,
        cancellation,
      });
      const shown = filtered(text, around);
      if (shown !== undefined) found.set(shown.text, shown);
    }
    return [...found.values()];
  }
}
