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

  /** Says that an answer for this place is being written. */
  expect(position: CompletionPosition): void {
    this.#expectedPosition = position;
  }

  /**
   * Keeps what was written, unless the text before the place has changed since it was expected.
   * @param isComplete false where asking again may give more: time or confidence ended it, or a window stood in.
   */
  keep(position: CompletionPosition, text: string, isComplete: boolean): void {
    if (this.#expectedPosition !== position) return;
    this.#position = position;
    this.#text = new TextEncoder().encode(text);
    this.#isComplete = isComplete;
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
    const typedBytes = document.tokens.bytes.subarray(this.#position.byteOffset, byteOffset);
    if (typedBytes.length >= this.#text.length || !typedBytes.every((byte, i) => byte === this.#text[i]))
      return undefined;
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.#text.subarray(typedBytes.length));
    return { text, isComplete: this.#isComplete, canContinue: !this.#isComplete && text.length < minRemainingUnits };
  }

  /** Bytes from this offset on changed. */
  edited(fromByte: number): void {
    if (this.#position !== undefined && fromByte < this.#position.byteOffset) this.#position = undefined;
    if (this.#expectedPosition !== undefined && fromByte < this.#expectedPosition.byteOffset)
      this.#expectedPosition = undefined;
  }
}
