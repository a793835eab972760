import { randomInt, randomUUID } from "node:crypto";
import type { CancellationTokenSource } from "vscode";
import type { AnswerCost, ToView } from "../../chatMessages.js";
import type { ChatFormat, ChatPiece, ChatResult } from "../../protocol.js";
import type { Server } from "../serverProcess.js";
import type { AnswerNode, Conversation } from "./conversation.js";

/** Longer than any run of backticks that code is likely to have. */
const fence = "`````";

export interface AnsweringOptions {
  readonly onPiece: (piece: Extract<ToView, { kind: "piece" }>) => void;
  /** It is disposed of with the answer. */
  readonly cancellation: Cancellation;
}

type Cancellation = Pick<CancellationTokenSource, "token" | "cancel" | "dispose">;

/** What an answer needs of the server. */
export type AnswerServer = Pick<Server, "start" | "model" | "chat">;

/** One answer while it is being written. */
export class Answering {
  readonly id = randomUUID();
  readonly #parent: string;
  readonly #conversation: Conversation;
  /** Told by the model; undefined until it is there. */
  #format: ChatFormat | undefined;
  readonly #onPiece: AnsweringOptions["onPiece"];
  readonly #cancellation: Cancellation;
  #written = "";
  #thinking = "";
  #text = "";

  /** Puts an empty answer below a message of the user's. */
  constructor(conversation: Conversation, parent: string, { onPiece, cancellation }: AnsweringOptions) {
    this.#conversation = conversation;
    this.#parent = parent;
    this.#onPiece = onPiece;
    this.#cancellation = cancellation;
    this.#put("stopped");
  }

  /** Ends it; what came stays. */
  stop(): void {
    this.#cancellation.cancel();
  }

  /** @returns what it cost; undefined where it was stopped, or failed. */
  async write(server: AnswerServer, system: string): Promise<AnswerCost | undefined> {
    const params = {
      turns: this.#conversation.turnsUpTo(this.#parent),
      system,
      scratchLanguageId: this.#conversation.languageId,
      seed: randomInt(2 ** 31),
    };
    try {
      await server.start();
      // It may have left memory meanwhile, or be another one than when the last answer was written.
      this.#format = (await server.model()).chat;
      this.#open();
      const result = await server.chat(
        params,
        (piece) => {
          this.#add(piece);
        },
        this.#cancellation.token,
      );
      this.#close();
      this.#put(result === undefined ? "stopped" : endingOf(result));
      return result && costOf(result);
    } catch (error) {
      this.#close();
      this.#put("failed", error instanceof Error ? error.message : String(error));
      return undefined;
    } finally {
      this.#cancellation.dispose();
    }
  }

  #add({ written, thinking, text }: ChatPiece): void {
    const isFirst = this.#written === "";
    this.#written += written;
    this.#thinking += thinking;
    this.#show(thinking, this.#format === "none" && isFirst ? text.replace(/^\n+/, "") : text);
  }

  #show(thinking: string, text: string): void {
    this.#text += text;
    this.#put("stopped");
    this.#onPiece({ kind: "piece", messageId: this.id, thinking, text });
  }

  /** What a model that was not trained to talk writes is code, not markdown. */
  #open(): void {
    if (this.#format === "none") this.#show("", `${fence}${this.#conversation.languageId}\n`);
  }

  #close(): void {
    if (this.#format === "none") this.#show("", `\n${fence}`);
  }

  #put(ending: AnswerNode["ending"], problem?: string): void {
    const parts = { written: this.#written, thinking: this.#thinking, text: this.#text };
    this.#conversation.put({ id: this.id, role: "assistant", parent: this.#parent, ...parts, ending, problem });
  }
}

function endingOf({ stop }: ChatResult): AnswerNode["ending"] {
  return stop === "end" ? "whole" : "limit";
}

function costOf({ tokensRead, tokensFromCheckpoint, tokensDecoded, ms, msToFirstToken }: ChatResult): AnswerCost {
  const seconds = Math.max(1, ms - msToFirstToken) / 1000;
  return { tokensPerSecond: tokensDecoded / seconds, tokensRead, tokensFromCheckpoint };
}
