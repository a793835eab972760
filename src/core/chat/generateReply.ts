import type { CheckpointedReader } from "../states/checkpointedReader.js";
import type { CheckpointStore } from "../states/checkpointStore.js";
import { distributionOf } from "../decoding/distribution.js";
import { sampleTopP, type Random } from "../decoding/sampler.js";
import { type Model, type TokenId } from "../model.js";
import type { ReplyTokenCache } from "./replyTokenCache.js";
import { ReplyText } from "./replyText.js";
import { Cancelled, type CancellationToken } from "../../shared/cancellation.js";

export interface ReplyOptions {
  readonly model: Model;
  /** Whether the model was told to think before its reply. */
  readonly think: boolean;
  readonly replyTokens: ReplyTokenCache;
  readonly store: CheckpointStore;
  readonly random: Random;
  readonly onText: (written: string) => void;
  readonly cancellation: CancellationToken;
}

export interface GeneratedReply {
  readonly text: string;
  readonly tokens: number;
  readonly stop: "end" | "limit" | "repetition";
}

const maxReplyTokens = 2048;
/** A smaller limit for a model that was not trained to chat, because it rarely ends its reply. */
const maxUntrainedTokens = 256;
/**
 * Sampling as published for these models (docs/RWKV.md §12), but without penalties, which damage brackets and
 * indentation.
 */
const chatSampling = { temperature: 1, topP: 0.4 };

/**
 * Generates a reply after the tokens that `reader` has read, and saves a checkpoint at its end or shortly before.
 * @param firstLogits the logits after the last token read.
 * @throws Cancelled at most one model run after cancellation is requested; the reply so far gets a checkpoint as well.
 */
export async function generateReply(
  reader: CheckpointedReader,
  firstLogits: Float32Array,
  options: ReplyOptions,
): Promise<GeneratedReply> {
  const { model, cancellation, onText } = options;
  const progress = new ReplyProgress(reader, options);
  const sampler = sampleTopP(options.random, chatSampling);
  const maxTokens = model.chat === "none" ? maxUntrainedTokens : maxReplyTokens;
  let logits = firstLogits;
  let shown = 0;
  const show = (): void => {
    if (progress.text.certain.length === shown) return;
    shown = progress.text.certain.length;
    onText(progress.text.certain);
  };
  const end = (stop: GeneratedReply["stop"]): GeneratedReply => {
    show();
    progress.keep();
    return { text: progress.text.certain, tokens: progress.tokens, stop };
  };
  for (;;) {
    const { token } = sampler(distributionOf(logits, undefined, model.summarize), undefined, undefined);
    if (model.tokenizer.bytesOf(token).length === 0) return end("end");
    const step = progress.text.push(token);
    if (step === "ended") return end("end");
    if (step === "repeats") return end("repetition");
    show();
    try {
      logits = await progress.read(token, cancellation);
    } catch (error) {
      if (error instanceof Cancelled) progress.keep();
      throw error;
    }
    if (progress.tokens >= maxTokens) return end("limit");
  }
}

/** A state within a reply, with the number of tokens and of UTF-16 code units up to it. */
interface ReplySnapshot {
  readonly reader: ReturnType<CheckpointedReader["snapshot"]>;
  readonly tokens: number;
  readonly units: number;
}

/** The progress of a reply: its text, the tokens that were read, and the last snapshot at which it may end. */
class ReplyProgress {
  readonly text: ReplyText;
  readonly #reader: CheckpointedReader;
  readonly #options: ReplyOptions;
  readonly #startPrefix: ReturnType<CheckpointedReader["snapshot"]>["prefix"];
  readonly #read: TokenId[] = [];
  /** Length of the text of the tokens read, in UTF-16 code units; undefined if they end within a character. */
  #readUnits: number | undefined = 0;
  #snapshot: ReplySnapshot | undefined;

  constructor(reader: CheckpointedReader, options: ReplyOptions) {
    this.#reader = reader;
    this.#options = options;
    this.#startPrefix = reader.prefix.copy();
    this.text = new ReplyText(options.model.tokenizer, options.model.chat, options.think);
  }

  get tokens(): number {
    return this.#read.length;
  }

  /**
   * Reads a token that `text` already contains. If the reply may turn out to end before this token, takes a snapshot
   * first.
   */
  async read(token: TokenId, cancellation: CancellationToken): Promise<Float32Array> {
    if (!this.text.isCertain && this.#canEndHere()) this.#snapshot = this.#takeSnapshot();
    const logits = await this.#reader.read([token], { want: "last", cancellation });
    this.#read.push(token);
    this.#readUnits = this.text.boundary;
    return logits;
  }

  /**
   * Saves a checkpoint and the reply's tokens up to it. The checkpoint is at the end of the text read if that text is
   * certain, otherwise at the last snapshot.
   */
  keep(): void {
    const kept = this.#canEndHere() ? this.#takeSnapshot() : this.#snapshot;
    if (kept === undefined) return;
    const { certain } = this.text;
    const pendingBytes = new TextEncoder().encode(certain.slice(kept.units));
    this.#options.replyTokens.set(this.#startPrefix, certain, {
      tokens: this.#read.slice(0, kept.tokens),
      pendingBytes,
    });
    this.#options.store.save(kept.reader.prefix, kept.reader.state);
  }

  #canEndHere(): boolean {
    return this.#readUnits !== undefined && this.#readUnits <= this.text.certain.length;
  }

  #takeSnapshot(): ReplySnapshot {
    return { reader: this.#reader.snapshot(), tokens: this.#read.length, units: this.#readUnits ?? 0 };
  }
}
