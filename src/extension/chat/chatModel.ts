import type * as vscode from "vscode";
import type { FromView, ModelInfo } from "../../shared/chatMessages.js";
import type { ReadyModel, ServerStatus } from "../../shared/protocol.js";
import { KeptState, type KeptForm } from "../keptState.js";

const thinkForm: KeptForm<boolean> = { name: "chat.think", version: 1, read: (value) => value === true };
const scratchpadForm: KeptForm<boolean> = { name: "chat.scratchpad", version: 1, read: (value) => value === true };

/** Keeps track of the loaded model for the chat, and stores how the user wants to use it. */
export class ChatModel {
  readonly #think: KeptState<boolean>;
  readonly #scratchpad: KeptState<boolean>;
  /** The last model that was ready; it may have been unloaded since. */
  #ready: ReadyModel | undefined;
  #problem: string | undefined;
  #isLoading = false;

  /** @param memento stores `thinks` and `isScratchpad` across sessions. */
  constructor(memento: vscode.Memento) {
    this.#think = new KeptState(memento, thinkForm);
    this.#scratchpad = new KeptState(memento, scratchpadForm);
  }

  /** Call with each status of the server. @returns whether the view must be updated. */
  status(status: ServerStatus): boolean {
    const before = JSON.stringify(this.info);
    if (status.kind === "ready") this.#ready = status;
    if (status.kind === "failed") this.#ready = undefined;
    this.#problem = status.kind === "failed" ? status.reason : undefined;
    this.#isLoading = status.kind === "loading";
    return JSON.stringify(this.info) !== before;
  }

  /** Whether the model should think, if it can. */
  get thinks(): boolean {
    return this.#think.value;
  }

  /** Stores what the user chose in the view. */
  received(message: Extract<FromView, { kind: "think" | "scratchpad" }>): Promise<void> {
    return message.kind === "think" ? this.#think.update(message.isOn) : this.useScratchpad();
  }

  /** Whether a model that was not trained to chat may continue text. */
  get isScratchpad(): boolean {
    return this.#scratchpad.value;
  }

  useScratchpad(): Promise<void> {
    return this.#scratchpad.update(true);
  }

  /** True if the loaded model was not trained to chat and the user has chosen the scratchpad. */
  get continuesCode(): boolean {
    return this.#ready?.chat === "none" && this.isScratchpad;
  }

  get info(): ModelInfo {
    const chat = this.#ready?.chat ?? "none";
    const think = chat !== "g1" ? "unavailable" : this.thinks ? "on" : "off";
    return {
      name: this.#ready?.model ?? "",
      chat,
      isScratchpad: this.isScratchpad,
      problem: this.#problem,
      think,
      isLoading: this.#isLoading,
    };
  }
}
