import { Reading, type ReadingRoom } from "../checkpoints/reading.js";
import type { CheckpointStore } from "../checkpoints/store.js";
import { randomFrom } from "../completion/sampler.js";
import { blockTokens, emptyBlockHash, TokenChain } from "../document/tokenChain.js";
import type { CancellationToken, State, TokenId } from "../model.js";
import { Turns } from "../turns.js";
import type { AnswerMemory } from "./answerMemory.js";
import { conversationTokens, type Conversation } from "./conversation.js";
import { writeAnswer, type Written } from "./writing.js";

export interface ChatRequest extends Conversation {
  /** The same answer for the same seed. */
  readonly seed: number;
}

/** An answer and what it cost. */
export interface Answered {
  /** Behind the opening of the turn, as `ChatTurn.answer` wants it. */
  readonly written: string;
  readonly stop: Written["stop"];
  readonly tokensRead: number;
  readonly tokensFromCheckpoint: number;
  readonly tokensDecoded: number;
  /** Tokens of the last turn's opening: what the message itself costs to read. */
  readonly lastTurnTokens: number;
  readonly msToFirstToken: number;
  readonly ms: number;
}

/** Where a long text is read, a state is kept each so many blocks. */
const savedBlocks = 32;

/**
 * Conversations, one answer after the other. The state before and behind each answer is a checkpoint: going on, asking
 * again, editing an earlier message or branching there reads the new message alone.
 */
export class Chat {
  readonly #room: ReadingRoom;
  readonly #reading: Reading;
  readonly #memory: AnswerMemory;
  readonly #turns = new Turns();

  /** @param memory of the answers until now; as with the store of checkpoints, it may be that of several models. */
  constructor(room: ReadingRoom, memory: AnswerMemory) {
    this.#room = room;
    this.#memory = memory;
    this.#reading = new Reading(room, "chat", new TokenChain(emptyBlockHash(room.model.id), 0, []));
  }

  /**
   * @param onText hears of the answer so far whenever it has grown.
   * @throws Cancelled within one run of the token being set, at once while another answer is written; what was written
   * until then can be gone on from.
   */
  answer(request: ChatRequest, onText: (written: string) => void, cancellation: CancellationToken): Promise<Answered> {
    return this.#turns.take(() => this.#run(request, onText, cancellation), cancellation);
  }

  /** Resolves when the answer under way has ended; cancel it first. */
  async dispose(): Promise<void> {
    await this.#turns.ended();
    this.#reading.dispose();
  }

  async #run(
    request: ChatRequest,
    onText: (written: string) => void,
    cancellation: CancellationToken,
  ): Promise<Answered> {
    const startMs = performance.now();
    const reading = this.#reading;
    const { model } = this.#room;
    const { tokens, places, lastTurnTokens } = conversationTokens(request, model, this.#memory);
    const from = nearest(tokens, places, this.#room);
    reading.restore(from.chain, from.state);
    const readBefore = reading.tokensRead;
    const first = await this.#read(tokens, places, cancellation);
    const tokensRead = reading.tokensRead - readBefore;
    const msToFirstToken = performance.now() - startMs;

    const written = await writeAnswer(reading, first, {
      model,
      memory: this.#memory,
      store: this.#room.store,
      random: randomFrom(request.seed),
      onText,
      cancellation,
    });
    return {
      written: written.text,
      stop: written.stop,
      tokensRead,
      tokensFromCheckpoint: from.chain.tokenCount,
      tokensDecoded: written.tokens,
      lastTurnTokens,
      msToFirstToken,
      ms: performance.now() - startMs,
    };
  }

  /** Reads what is left of the tokens, with a checkpoint at each place. @returns the logits behind the last token. */
  async #read(
    tokens: readonly TokenId[],
    places: readonly number[],
    cancellation: CancellationToken,
  ): Promise<Float32Array> {
    const reading = this.#reading;
    const saving = {
      isWorthSaving: (count: number) => count % (savedBlocks * blockTokens) === 0,
      saved: () => undefined,
    };
    for (const place of places) {
      const at = reading.chain.tokenCount;
      if (place <= at) continue;
      await reading.read(tokens.slice(at, place), { want: "none", cancellation, saving });
      reading.save();
    }
    return reading.read(tokens.slice(reading.chain.tokenCount), { want: "last", cancellation });
  }
}

/** The checkpoint that stands for the most of the tokens, but for the last one, whose logits are wanted. */
function nearest(
  tokens: readonly TokenId[],
  places: readonly number[],
  { model, store }: { readonly model: { readonly id: string }; readonly store: CheckpointStore },
): { readonly chain: TokenChain; readonly state: State | undefined } {
  const chain = new TokenChain(emptyBlockHash(model.id), 0, []);
  let found = { chain: chain.copy(), state: undefined as State | undefined };
  const isPlace = new Set(places);
  for (let count = 1; count < tokens.length; count++) {
    chain.push(tokens.slice(count - 1, count));
    if ((count % blockTokens !== 0 && !isPlace.has(count)) || !store.has(chain)) continue;
    found = { chain: chain.copy(), state: store.get(chain)?.state };
  }
  return found;
}
