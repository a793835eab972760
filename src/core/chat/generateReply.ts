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
/** Of a model that was not trained to talk: it finds no end by itself. */
const maxUntrainedTokens = 256;
/** As published for these models (docs/RWKV.md §12); no penalties, since they damage brackets and indentation. */
const chatSampling = { temperature: 1, topP: 0.4 };

/**
 * Writes an answer behind what has been read, and keeps the state behind it as a checkpoint.
 * @throws Cancelled within one run of the token being set; the checkpoint is kept then, too.
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
    const { token } = sampler(distributionOf(logits, undefined), undefined, undefined);
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

/** A state within an answer, with the tokens and the units of text that it stands for. */
interface ReplySnapshot {
  readonly reader: ReturnType<CheckpointedReader["snapshot"]>;
  readonly tokens: number;
  readonly units: number;
}

/** Where an answer stands: its text, the tokens of it that were read, and the last place where it may end. */
class ReplyProgress {
  readonly text: ReplyText;
  readonly #reader: CheckpointedReader;
  readonly #options: ReplyOptions;
  readonly #startPrefix: ReturnType<CheckpointedReader["snapshot"]>["prefix"];
  readonly #read: TokenId[] = [];
  /** Units of the text that stand for the tokens read; undefined within a character. */
  #readUnits: number | undefined = 0;
  #snapshot: ReplySnapshot | undefined;

  constructor(reader: CheckpointedReader, options: ReplyOptions) {
    this.#reader = reader;
    this.#options = options;
    this.#startPrefix = reader.prefix.copy();
    this.text = new ReplyText(options.model.tokenizer, options.model.chat);
  }

  get tokens(): number {
    return this.#read.length;
  }

  /** Reads a token that the text has already. Before one that may be beyond the answer's end the state is copied. */
  async read(token: TokenId, cancellation: CancellationToken): Promise<Float32Array> {
    if (!this.text.isCertain && this.#canEndHere()) this.#snapshot = this.#takeSnapshot();
    const logits = await this.#reader.read([token], { want: "last", cancellation });
    this.#read.push(token);
    this.#readUnits = this.text.boundary;
    return logits;
  }

  /** Keeps the state behind what is certain of the answer, or the nearest one before. */
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
