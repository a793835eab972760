/**
 * Distinguishes invoked requests from automatic ones. In LSP 3.18 invoked is 1 and automatic is 2. In its drafts, which
 * clients built on the 3.17.5 libraries use, they are 0 and 1.
 */
export class TriggerKinds {
  #numbers: "unknown" | "draft" | "final" = "unknown";
  readonly #isFinalLikely: boolean;

  /** @param knowsInlineCompletion whether the client declares the capability `textDocument.inlineCompletion`. */
  constructor(knowsInlineCompletion: boolean) {
    this.#isFinalLikely = knowsInlineCompletion;
  }

  /**
   * True if the request may have been invoked. While the client's numbering is unknown, 1 may mean invoked or
   * automatic.
   */
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
