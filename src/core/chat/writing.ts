import type { Reading } from "../checkpoints/reading.js";
import type { CheckpointStore } from "../checkpoints/store.js";
import { distributionOf } from "../completion/nextToken.js";
import { sampling, type Random } from "../completion/sampler.js";
import { Cancelled, type CancellationToken, type Model, type TokenId } from "../model.js";
import type { AnswerMemory } from "./answerMemory.js";
import { AnswerText } from "./answerText.js";

export interface WritingOptions {
  readonly model: Model;
  readonly memory: AnswerMemory;
  readonly store: CheckpointStore;
  readonly random: Random;
  readonly onText: (written: string) => void;
  readonly cancellation: CancellationToken;
}

export interface Written {
  readonly text: string;
  readonly tokens: number;
  readonly stop: "end" | "limit" | "repetition";
}

const mostTokens = 2048;
/** Of a model that was not trained to talk: it finds no end by itself. */
const mostScratchTokens = 256;
/** As published for these models (RWKV.md §12); no penalties, since they damage brackets and indentation. */
const talking = { temperature: 1, topP: 0.4 };

/**
 * Writes an answer behind what has been read, and keeps the state behind it as a checkpoint.
 * @throws Cancelled within one run of the token being set; the checkpoint is kept then, too.
 */
export async function writeAnswer(reading: Reading, first: Float32Array, options: WritingOptions): Promise<Written> {
  const { model, cancellation, onText } = options;
  const place = new AnswerPlace(reading, options);
  const choose = sampling(options.random, talking);
  const most = model.chat === "none" ? mostScratchTokens : mostTokens;
  let logits = first;
  let shown = 0;
  const show = (): void => {
    if (place.text.certain.length === shown) return;
    shown = place.text.certain.length;
    onText(place.text.certain);
  };
  const end = (stop: Written["stop"]): Written => {
    show();
    place.keep();
    return { text: place.text.certain, tokens: place.tokens, stop };
  };
  for (;;) {
    const { token } = choose(distributionOf(logits, undefined), undefined, undefined);
    if (model.tokenizer.bytesOf(token).length === 0) return end("end");
    const step = place.text.push(token);
    if (step === "ended") return end("end");
    if (step === "repeats") return end("repetition");
    show();
    try {
      logits = await place.read(token, cancellation);
    } catch (error) {
      if (error instanceof Cancelled) place.keep();
      throw error;
    }
    if (place.tokens >= most) return end("limit");
  }
}

/** A state within an answer, with the tokens and the units of text that it stands for. */
interface Mark {
  readonly place: ReturnType<Reading["mark"]>;
  readonly tokens: number;
  readonly units: number;
}

/** Where an answer stands: its text, the tokens of it that were read, and the last place where it may end. */
class AnswerPlace {
  readonly text: AnswerText;
  readonly #reading: Reading;
  readonly #options: WritingOptions;
  readonly #begin: ReturnType<Reading["mark"]>["chain"];
  readonly #read: TokenId[] = [];
  /** Units of the text that stand for the tokens read; undefined within a character. */
  #readUnits: number | undefined = 0;
  #mark: Mark | undefined;

  constructor(reading: Reading, options: WritingOptions) {
    this.#reading = reading;
    this.#options = options;
    this.#begin = reading.chain.copy();
    this.text = new AnswerText(options.model.tokenizer, options.model.chat);
  }

  get tokens(): number {
    return this.#read.length;
  }

  /** Reads a token that the text has already. Before one that may be beyond the answer's end the state is copied. */
  async read(token: TokenId, cancellation: CancellationToken): Promise<Float32Array> {
    if (!this.text.isCertain && this.#mayEndHere()) this.#mark = this.#here();
    const logits = await this.#reading.read([token], { want: "last", cancellation });
    this.#read.push(token);
    this.#readUnits = this.text.boundary;
    return logits;
  }

  /** Keeps the state behind what is certain of the answer, or the nearest one before. */
  keep(): void {
    const kept = this.#mayEndHere() ? this.#here() : this.#mark;
    if (kept === undefined) return;
    const { certain } = this.text;
    const rest = new TextEncoder().encode(certain.slice(kept.units));
    this.#options.memory.keep(this.#begin, certain, { tokens: this.#read.slice(0, kept.tokens), rest });
    this.#options.store.save(kept.place.chain, kept.place.state);
  }

  #mayEndHere(): boolean {
    return this.#readUnits !== undefined && this.#readUnits <= this.text.certain.length;
  }

  #here(): Mark {
    return { place: this.#reading.mark(), tokens: this.#read.length, units: this.#readUnits ?? 0 };
  }
}
