import type { CompletionClient } from "../completionClient.js";
import { createAttachment, countTokens, withCounts } from "./attachments.js";
import type { KeptAttachment } from "./conversation.js";
import { errorMessage } from "../../shared/errorMessage.js";
import { showInformation } from "../notifications.js";

/** The attachments of the next message, in whichever conversation it is sent. */
export class PendingAttachments {
  readonly #client: CompletionClient;
  readonly #onChange: () => void;
  #all: KeptAttachment[] = [];

  constructor(client: CompletionClient, onChange: () => void) {
    this.#client = client;
    this.#onChange = onChange;
  }

  get all(): readonly KeptAttachment[] {
    return this.#all;
  }

  /** Returns and clears them. */
  take(): KeptAttachment[] {
    const taken = this.#all;
    this.#all = [];
    return taken;
  }

  /** Attaches the file or selection of the editor; says so if that is not allowed. */
  async add(kind: "file" | "selection"): Promise<void> {
    try {
      this.#all.push(createAttachment(kind, (document) => this.#client.documents.blocker(document)));
    } catch (error) {
      void showInformation(`RWKV Code: ${errorMessage(error)}`);
      return;
    }
    this.#onChange();
    await this.count();
  }

  remove(attachmentId: string): void {
    this.#all = this.#all.filter(({ id }) => id !== attachmentId);
    this.#onChange();
  }

  /** Counts their tokens, if there is a model to count with. */
  async count(): Promise<void> {
    const counts = await countTokens(this.#all, this.#client);
    if (counts.size === 0) return;
    this.#all = withCounts(this.#all, counts);
    this.#onChange();
  }
}
