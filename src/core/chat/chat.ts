import { CheckpointedReader, type InferenceContext } from "../states/checkpointedReader.js";
import type { CheckpointStore } from "../states/checkpointStore.js";
import { randomFrom } from "../decoding/sampler.js";
import { blockTokens, emptyBlockHash, TokenPrefix } from "../tokens/tokenPrefix.js";
import type { AnyState, TokenId } from "../model.js";
import { now } from "../platform.js";
import { SerialQueue } from "../../shared/serialQueue.js";
import type { ReplyTokenCache } from "./replyTokenCache.js";
import { conversationTokens, type Conversation } from "./conversation.js";
import { generateReply, type GeneratedReply } from "./generateReply.js";
import type { CancellationToken } from "../../shared/cancellation.js";

export interface ChatRequest extends Conversation {
  readonly seed: number;
}

/** A reply and its cost. */
export interface ChatReply {
  /** The text after the turn's opening, in the form of `ChatTurn.reply`. */
  readonly written: string;
  readonly stop: GeneratedReply["stop"];
  readonly tokensRead: number;
  readonly tokensFromCheckpoint: number;
  readonly tokensDecoded: number;
  /** Number of tokens in the last turn's opening, which includes the message. */
  readonly lastTurnTokens: number;
  readonly msToFirstToken: number;
  readonly ms: number;
}

/** Number of blocks between checkpoints while a long text is read. */
const checkpointEveryBlocks = 32;

/**
 * Replies to conversations, one at a time. The states before and after each reply are saved as checkpoints, so if a
 * conversation is continued, retried, edited or branched, usually only the new message is read.
 */
export class Chat {
  readonly #inference: InferenceContext;
  readonly #reader: CheckpointedReader;
  readonly #replyTokens: ReplyTokenCache;
  readonly #queue = new SerialQueue();

  /** @param replyTokens the tokens of earlier replies. Like the checkpoint store, it can serve several models. */
  constructor(inference: InferenceContext, replyTokens: ReplyTokenCache) {
    this.#inference = inference;
    this.#replyTokens = replyTokens;
    this.#reader = new CheckpointedReader(
      inference,
      "command",
      new TokenPrefix(emptyBlockHash(inference.model.id), 0, []),
    );
  }

  /**
   * Generates the reply to the last turn.
   * @param onText receives the reply so far whenever it has grown.
   * @throws Cancelled at most one model run after cancellation is requested, or at once if the request waits for
   *   another reply.
   */
  reply(request: ChatRequest, onText: (written: string) => void, cancellation: CancellationToken): Promise<ChatReply> {
    return this.#queue.run(() => this.#run(request, onText, cancellation), cancellation);
  }

  /** Resolves after all requested replies have ended; cancel them first. */
  async dispose(): Promise<void> {
    await this.#queue.drained();
    this.#reader.dispose();
  }

  async #run(
    request: ChatRequest,
    onText: (written: string) => void,
    cancellation: CancellationToken,
  ): Promise<ChatReply> {
    const startMs = now();
    const reader = this.#reader;
    const { model } = this.#inference;
    const { tokens, checkpointPositions, lastTurnTokens } = conversationTokens(request, model, this.#replyTokens);
    const from = nearestCheckpoint(tokens, checkpointPositions, this.#inference);
    reader.restore(from.prefix, from.state);
    const readBefore = reader.tokensRead;
    const firstLogits = await this.#read(tokens, checkpointPositions, cancellation);
    const tokensRead = reader.tokensRead - readBefore;
    const msToFirstToken = now() - startMs;

    const written = await generateReply(reader, firstLogits, {
      model,
      think: request.turns.at(-1)?.think === true,
      replyTokens: this.#replyTokens,
      store: this.#inference.store,
      random: randomFrom(request.seed),
      onText,
      cancellation,
    });
    return {
      written: written.text,
      stop: written.stop,
      tokensRead,
      tokensFromCheckpoint: from.prefix.tokenCount,
      tokensDecoded: written.tokens,
      lastTurnTokens,
      msToFirstToken,
      ms: now() - startMs,
    };
  }

  /**
   * Reads the tokens that the reader has not read yet. Saves checkpoints at `positions`, and at regular intervals on
   * the way to them.
   * @returns the logits after the last token.
   */
  async #read(
    tokens: readonly TokenId[],
    positions: readonly number[],
    cancellation: CancellationToken,
  ): Promise<Float32Array> {
    const reader = this.#reader;
    const savePolicy = {
      shouldSave: (count: number) => count % (checkpointEveryBlocks * blockTokens) === 0,
      onSaved: () => undefined,
    };
    for (const position of positions) {
      const at = reader.prefix.tokenCount;
      if (position <= at) continue;
      await reader.read(tokens.slice(at, position), { want: "none", cancellation, savePolicy });
      reader.save();
    }
    return reader.read(tokens.slice(reader.prefix.tokenCount), { want: "last", cancellation });
  }
}

/**
 * The checkpoint that covers the most tokens, or the empty state. The last token is never covered, because it must be
 * read for its logits.
 */
function nearestCheckpoint(
  tokens: readonly TokenId[],
  positions: readonly number[],
  { model, store }: { readonly model: { readonly id: string }; readonly store: CheckpointStore },
): { readonly prefix: TokenPrefix; readonly state: AnyState | undefined } {
  const prefix = new TokenPrefix(emptyBlockHash(model.id), 0, []);
  let found = { prefix: prefix.copy(), state: undefined as AnyState | undefined };
  const isCheckpointPosition = new Set(positions);
  for (let count = 1; count < tokens.length; count++) {
    prefix.push(tokens.slice(count - 1, count));
    if ((count % blockTokens !== 0 && !isCheckpointPosition.has(count)) || !store.has(prefix)) continue;
    found = { prefix: prefix.copy(), state: store.get(prefix)?.state };
  }
  return found;
}
