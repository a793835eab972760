import type { Ingredients } from "./mutate.js";

/** What reads a kind of file: all of it, as far as it is one. */
export interface FuzzedReader extends Ingredients {
  readonly fileName: string;
  /** Files that lie beside it, unchanged. */
  readonly beside?: Readonly<Record<string, Uint8Array>>;
  /** How an error reads that refuses a file; a ModelError's where absent. */
  readonly refusal?: RegExp;
  /** The whole file around the part of it that is changed. */
  readonly fileOf: (part: Uint8Array) => Uint8Array;
  read(file: string): void;
}

/** A file of which any part is changed. */
export const whole = (file: Uint8Array): Uint8Array => file;
