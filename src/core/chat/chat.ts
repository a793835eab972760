import { CheckpointedReader, type InferenceContext } from "../states/checkpointedReader.js";
import type { CheckpointStore } from "../states/checkpointStore.js";
import { randomFrom } from "../decoding/sampler.js";
import { blockTokens, emptyBlockHash, TokenPrefix } from "../tokens/tokenPrefix.js";
import type { State, TokenId } from "../model.js";
import { SerialQueue } from "../../shared/serialQueue.js";
import type { ReplyTokenCache } from "./replyTokenCache.js";
import { conversationTokens, type Conversation } from "./conversation.js";
import { generateReply, type GeneratedReply } from "./generateReply.js";
import type { CancellationToken } from "../../shared/cancellation.js";

export interface ChatRequest extends Conversation {
  /** The same answer for the same seed. */
  readonly seed: number;
}

/** An answer and what it cost. */
export interface ChatReply {
  /** Behind the opening of the turn, as `ChatTurn.answer` wants it. */
  readonly written: string;
  readonly stop: GeneratedReply["stop"];
  readonly tokensRead: number;
  readonly tokensFromCheckpoint: number;
  readonly tokensDecoded: number;
  /** Tokens of the last turn's opening: what the message itself costs to read. */
  readonly lastTurnTokens: number;
  readonly msToFirstToken: number;
  readonly ms: number;
}

/** Where a long text is read, a state is kept each so many blocks. */
const checkpointEveryBlocks = 32;

/**
 * Conversations, one answer after the other. The state before and behind each answer is a checkpoint: going on, asking
 * again, editing an earlier message or branching there reads the new message alone.
 */
export class Chat {
  readonly #inference: InferenceContext;
  readonly #reader: CheckpointedReader;
  readonly #replyTokens: ReplyTokenCache;
  readonly #queue = new SerialQueue();

  /** @param replyTokens of the answers until now; as with the store of checkpoints, it may be that of several models. */
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
   * @param onText hears of the answer so far whenever it has grown.
   * @throws Cancelled within one run of the token being set, at once while another answer is written; what was written
   * until then can be gone on from.
   */
  reply(request: ChatRequest, onText: (written: string) => void, cancellation: CancellationToken): Promise<ChatReply> {
    return this.#queue.run(() => this.#run(request, onText, cancellation), cancellation);
  }

  /** Resolves when the answer under way has ended; cancel it first. */
  async dispose(): Promise<void> {
    await this.#queue.drained();
    this.#reader.dispose();
  }

  async #run(
    request: ChatRequest,
    onText: (written: string) => void,
    cancellation: CancellationToken,
  ): Promise<ChatReply> {
    const startMs = performance.now();
    const reader = this.#reader;
    const { model } = this.#inference;
    const { tokens, checkpointPositions, lastTurnTokens } = conversationTokens(request, model, this.#replyTokens);
    const from = nearestCheckpoint(tokens, checkpointPositions, this.#inference);
    reader.restore(from.prefix, from.state);
    const readBefore = reader.tokensRead;
    const firstLogits = await this.#read(tokens, checkpointPositions, cancellation);
    const tokensRead = reader.tokensRead - readBefore;
    const msToFirstToken = performance.now() - startMs;

    const written = await generateReply(reader, firstLogits, {
      model,
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
      ms: performance.now() - startMs,
    };
  }

  /** Reads what is left of the tokens, with a checkpoint at each place. @returns the logits behind the last token. */
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

/** The checkpoint that stands for the most of the tokens, but for the last one, whose logits are wanted. */
function nearestCheckpoint(
  tokens: readonly TokenId[],
  positions: readonly number[],
  { model, store }: { readonly model: { readonly id: string }; readonly store: CheckpointStore },
): { readonly prefix: TokenPrefix; readonly state: State | undefined } {
  const prefix = new TokenPrefix(emptyBlockHash(model.id), 0, []);
  let found = { prefix: prefix.copy(), state: undefined as State | undefined };
  const isCheckpointPosition = new Set(positions);
  for (let count = 1; count < tokens.length; count++) {
    prefix.push(tokens.slice(count - 1, count));
    if ((count % blockTokens !== 0 && !isCheckpointPosition.has(count)) || !store.has(prefix)) continue;
    found = { prefix: prefix.copy(), state: store.get(prefix)?.state };
  }
  return found;
}
