import type { OpenDocument } from "../document/openDocument.js";

/** Where an answer is wanted: a byte offset, its line, and how much of the document lies below that line. */
export interface AnswerPlace {
  readonly at: number;
  readonly bytesBelow: number;
}

export function answerPlace(document: OpenDocument, line: number, at: number): AnswerPlace {
  return { at, bytesBelow: document.tokens.byteLength - document.lineEnd(line) };
}

/** What is left of an answer that was not whole, in characters, when more of it is asked for. */
const fewestLeft = 8;

export interface Rest {
  readonly text: string;
  readonly isWhole: boolean;
  /** Asking again is likely to give more: what was typed since bears the answer out, and little of it is left. */
  readonly mayGoOn: boolean;
}

/**
 * The last answer for a document. While the user types or accepts a part of it, the rest of it is the next answer and
 * no run is needed. An edit before it ends it, also while it is still being written.
 */
export class LastAnswer {
  #expected: AnswerPlace | undefined;
  #place: AnswerPlace | undefined;
  #text = new Uint8Array();
  #isWhole = false;

  /** Says that an answer for this place is being written. */
  expect(place: AnswerPlace): void {
    this.#expected = place;
  }

  /**
   * Keeps what was written, unless the text before the place has changed since it was expected.
   * @param isWhole false where asking again may give more: time or confidence ended it, or a window stood in.
   */
  keep(place: AnswerPlace, text: string, isWhole: boolean): void {
    if (this.#expected !== place) return;
    this.#place = place;
    this.#text = new TextEncoder().encode(text);
    this.#isWhole = isWhole;
  }

  /**
   * The rest of the answer at the cursor's place; undefined where the document went another way, and at the very place
   * that an answer which was not whole was made for.
   */
  restAt(document: OpenDocument, { at, bytesBelow }: AnswerPlace): Rest | undefined {
    if (this.#place === undefined || at < this.#place.at || bytesBelow !== this.#place.bytesBelow) return undefined;
    if (!this.#isWhole && at === this.#place.at) return undefined;
    const typed = document.tokens.bytes.subarray(this.#place.at, at);
    if (typed.length >= this.#text.length || !typed.every((byte, i) => byte === this.#text[i])) return undefined;
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.#text.subarray(typed.length));
    return { text, isWhole: this.#isWhole, mayGoOn: !this.#isWhole && text.length < fewestLeft };
  }

  /** Bytes from this offset on changed. */
  edited(fromByte: number): void {
    if (this.#place !== undefined && fromByte < this.#place.at) this.#place = undefined;
    if (this.#expected !== undefined && fromByte < this.#expected.at) this.#expected = undefined;
  }
}
