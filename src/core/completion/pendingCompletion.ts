import type { OpenDocument } from "../tokens/openDocument.js";

/** Where an answer is wanted: a byte offset, its line, and how much of the document lies below that line. */
export interface CompletionPosition {
  readonly byteOffset: number;
  readonly bytesBelow: number;
}

export function completionPosition(document: OpenDocument, line: number, byteOffset: number): CompletionPosition {
  return { byteOffset, bytesBelow: document.tokens.byteLength - document.lineEnd(line) };
}

/** What is left of an answer that was not whole, in characters, when more of it is asked for. */
const minRemainingUnits = 8;

export interface KeptCompletion {
  readonly text: string;
  /** False if asking again may give more: time or confidence ended it, or a window stood in. */
  readonly isComplete: boolean;
  /** False if filters held all of it back. */
  readonly isShown: boolean;
}

export interface Continuation {
  readonly text: string;
  readonly isComplete: boolean;
  /** Asking again is likely to give more: what was typed since bears the answer out, and little of it is left. */
  readonly canContinue: boolean;
}

/**
 * The last answer for a document. While the user types or accepts a part of it, the rest of it is the next answer and
 * no run is needed. An edit before it ends it, also while it is still being written.
 */
export class PendingCompletion {
  #expectedPosition: CompletionPosition | undefined;
  #position: CompletionPosition | undefined;
  #text = new Uint8Array();
  #isComplete = false;
  #isShown = false;
  /** What was below the line on which the user last typed something else than what was shown. */
  #rejectedBelow: number | undefined;

  /** Says that an answer for this place is being written. */
  expect(position: CompletionPosition): void {
    this.#expectedPosition = position;
  }

  /**
   * Keeps what was written, unless the text before the place has changed since it was expected.
   */
  keep(position: CompletionPosition, { text, isComplete, isShown }: KeptCompletion): void {
    if (this.#expectedPosition !== position) return;
    this.#position = position;
    this.#text = new TextEncoder().encode(text);
    this.#isComplete = isComplete;
    this.#isShown = isShown;
  }

  /**
   * The rest of the answer at the cursor's place; undefined where the document went another way, and at the very place
   * that an answer which was not whole was made for.
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

  /** True if the user typed something else than the last completion that was shown on this line. */
  wasRejected({ bytesBelow }: CompletionPosition): boolean {
    return bytesBelow === this.#rejectedBelow;
  }

  /** Bytes from this offset on changed. */
  edited(fromByte: number): void {
    if (this.#position !== undefined && fromByte < this.#position.byteOffset) this.#position = undefined;
    if (this.#expectedPosition !== undefined && fromByte < this.#expectedPosition.byteOffset)
      this.#expectedPosition = undefined;
  }
}
