import { Reading, type ReadingRoom } from "../checkpoints/reading.js";
import { emptyBlockHash, TokenChain } from "../document/tokenChain.js";
import type { CancellationToken } from "../model.js";
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import { missingIndentation } from "../structure/reindent.js";
import { areClosersOnly } from "../structure/trace.js";
import { decode, type Decoded } from "./decode.js";
import { pointAt, type Cursor } from "./pointAt.js";
import { decodingAt, preparedAt, readPrompt, type Place, type Prepared } from "./prepared.js";
import { cutAt, type Extent } from "./stopRules.js";
import { Turns } from "../turns.js";
import { isWelcome } from "./welcome.js";
import { WrittenText } from "./writtenText.js";

/** A place where text was asked for by command. */
export interface GenerationRequest extends Place, Cursor {
  readonly maxLines: number;
}

export interface Generated {
  readonly text: string;
  readonly stop: Decoded["stop"];
}

const maxTokens = 1024;
/** How long the suffix of a line may take to read; whoever asked by command waits for it. */
const suffixBudgetMs = 300;

/** Writes text at a place until its block ends, one request after the other; an inline completion always goes first. */
export class Generator {
  readonly #room: ReadingRoom;
  readonly #reading: Reading;
  readonly #turns = new Turns();

  constructor(room: ReadingRoom) {
    this.#room = room;
    this.#reading = new Reading(room, "chat", new TokenChain(emptyBlockHash(room.model.id), 0, []));
  }

  /**
   * @param onText hears of each stretch of whole lines as soon as it is certain; the last stretch may end within a line.
   *   A stretch replaces the closers right of it that the text closes itself by then.
   * @returns all of it.
   * @throws Cancelled within one run of the token being set.
   */
  async generate(
    request: GenerationRequest,
    onText: (more: Insertion) => void,
    cancellation: CancellationToken,
  ): Promise<Generated> {
    // Everything that depends on the document is read here, before the first await.
    const missing = missingIndentation(pointAt(request));
    const place = { ...request, typed: request.typed + missing };
    const prepared = preparedAt(place, this.#room, suffixBudgetMs);
    if (prepared === undefined) return { text: "", stop: "sentinel" };
    const point = pointAt(place);
    const work = { ...prepared, written: new WrittenText(point, missing, onText), extent: extentOf(request, point) };
    return this.#turns.take(() => this.#run(work, cancellation), cancellation);
  }

  /** Resolves when the request under way has ended; cancel it first. */
  async dispose(): Promise<void> {
    await this.#turns.ended();
    this.#reading.dispose();
  }

  async #run(work: Work, cancellation: CancellationToken): Promise<Generated> {
    const { written, extent, prompt } = work;
    const logits = await readPrompt(this.#reading, work, cancellation);
    const { text, stop } = await decode(this.#reading, logits, {
      ...decodingAt(work, this.#room.model),
      threshold: 0,
      // Told nothing of what is below, the model cannot know that the text ends here; whoever asked wants some.
      mustBegin: prompt.below.length === 0 && prompt.tail.length === 0,
      extent,
      maxTokens,
      isOverdue: () => false,
      onToken: () => undefined,
      onText: (soFar) => {
        written.continued(soFar);
      },
      cancellation,
    });
    // A text that ends without a line end has a last line that no rule has seen yet.
    const end = stop === "rule" ? undefined : cutAt(`${text}\n`, extent);
    return { text: written.ended(text.slice(0, end)), stop };
  }
}

interface Work extends Prepared {
  readonly extent: Extent;
  readonly written: WrittenText;
}

/** Within a line the text is a part of it; otherwise it goes to the end of its block. */
function extentOf({ maxLines }: GenerationRequest, point: InsertionPoint): Extent {
  const isWithinLine = !areClosersOnly(point.afterCursor) && !isWelcome(point);
  return isWithinLine ? { kind: "line", isBlank: false } : { kind: "generation", point, maxLines };
}
