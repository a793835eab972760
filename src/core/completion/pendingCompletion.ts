import type { OpenDocument } from "../tokens/openDocument.js";

/**
 * The position of a completion: a byte offset, and the number of bytes below its line. Typing on the line does not
 * change that number, so it identifies the line.
 */
export interface CompletionPosition {
  readonly byteOffset: number;
  readonly bytesBelow: number;
}

export function completionPosition(document: OpenDocument, line: number, byteOffset: number): CompletionPosition {
  return { byteOffset, bytesBelow: document.tokens.byteLength - document.lineEnd(line) };
}

/** An incomplete completion is continued when fewer UTF-16 code units than this remain. */
const minRemainingUnits = 8;

export interface KeptCompletion {
  readonly text: string;
  /** False if a new request may give more, for example because time or low confidence ended the completion. */
  readonly isComplete: boolean;
  /** False if the filters rejected it. */
  readonly isShown: boolean;
}

export interface Continuation {
  readonly text: string;
  readonly isComplete: boolean;
  /** True if a new request is likely to give more: the completion is incomplete, and little of it is left. */
  readonly canContinue: boolean;
}

/**
 * The last completion of a document. While the user types its text or accepts a part of it, the remainder is the next
 * completion, usually without a model run. An edit before its position discards it, even while it is still being
 * decoded.
 */
export class PendingCompletion {
  #expectedPosition: CompletionPosition | undefined;
  #position: CompletionPosition | undefined;
  #text = new Uint8Array();
  #isComplete = false;
  #isShown = false;
  /**
   * The number of bytes below the line on which the user last typed something other than the completion shown. It
   * identifies that line.
   */
  #rejectedBelow: number | undefined;

  /** Announces that a completion for this position is being decoded. */
  expect(position: CompletionPosition): void {
    this.#expectedPosition = position;
  }

  /**
   * Keeps a completion, unless the text before it has changed since it was announced, or another one was announced
   * since.
   */
  keep(position: CompletionPosition, { text, isComplete, isShown }: KeptCompletion): void {
    if (this.#expectedPosition !== position) return;
    this.#position = position;
    this.#text = new TextEncoder().encode(text);
    this.#isComplete = isComplete;
    this.#isShown = isShown;
  }

  /**
   * The rest of the completion if the user has typed a part of it. If the user has typed something else, a
   * completion that was shown counts as rejected. Undefined at the position of an incomplete completion, because a new
   * request may give more there.
   */
  continuationAt(document: OpenDocument, { byteOffset, bytesBelow }: CompletionPosition): Continuation | undefined {
    if (
      this.#position === undefined ||
      byteOffset < this.#position.byteOffset ||
      bytesBelow !== this.#position.bytesBelow
    )
      return undefined;
    if (!this.#isComplete && byteOffset === this.#position.byteOffset) return undefined;
    const typed = document.tokens.bytes.subarray(this.#position.byteOffset, byteOffset);
    const kept = this.#text;
    const isTypedAlong = typed.every((byte, i) => i >= kept.length || byte === kept[i]);
    if (this.#isShown) this.#rejectedBelow = isTypedAlong ? undefined : bytesBelow;
    if (!isTypedAlong || typed.length >= kept.length) return undefined;
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(kept.subarray(typed.length));
    return { text, isComplete: this.#isComplete, canContinue: !this.#isComplete && text.length < minRemainingUnits };
  }

  /** True if the user typed something other than the last completion shown on this line. */
  wasRejected({ bytesBelow }: CompletionPosition): boolean {
    return bytesBelow === this.#rejectedBelow;
  }

  /** Call after the document's bytes from this offset onwards have changed. */
  edited(fromByte: number): void {
    if (this.#position !== undefined && fromByte < this.#position.byteOffset) this.#position = undefined;
    if (this.#expectedPosition !== undefined && fromByte < this.#expectedPosition.byteOffset)
      this.#expectedPosition = undefined;
  }
}
