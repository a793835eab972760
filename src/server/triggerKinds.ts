/**
 * Tells requests by command from automatic ones. LSP 3.18 has 1 for invoked and 2 for automatic; its drafts, which
 * clients on the libraries of 3.17.5 send, have 0 and 1.
 */
export class TriggerKinds {
  #numbers: "unknown" | "draft" | "final" = "unknown";
  readonly #isFinalLikely: boolean;

  /** @param knowsInlineCompletion whether `textDocument.inlineCompletion` is among the client's capabilities. */
  constructor(knowsInlineCompletion: boolean) {
    this.#isFinalLikely = knowsInlineCompletion;
  }

  /** Whether it may be by command: nothing tells yet which numbers this client has. */
  mayBeInvoked(kind: number): boolean {
    return this.triggerOf(kind) === "invoked" || (kind === 1 && this.#numbers === "unknown");
  }

  triggerOf(kind: number): "invoked" | "automatic" {
    if (kind === 0) this.#numbers = "draft";
    else if (kind === 2) this.#numbers = "final";
    const isDraft = this.#numbers === "draft" || (this.#numbers === "unknown" && !this.#isFinalLikely);
    return kind === (isDraft ? 0 : 1) ? "invoked" : "automatic";
  }
}
