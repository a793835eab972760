import type { Ingredients } from "./mutate.js";

/** A reader of one kind of file. It reads the whole file, as far as it is valid. */
export interface FuzzedReader extends Ingredients {
  readonly fileName: string;
  /** Unchanged files next to it. */
  readonly beside?: Readonly<Record<string, Uint8Array>>;
  /** Pattern of the errors that refuse a file; a ModelError's by default. */
  readonly refusal?: RegExp;
  /** Makes the whole file from the part that is mutated. */
  readonly fileOf: (part: Uint8Array) => Uint8Array;
  read(file: string): void;
}

/** For files of which every part is mutated. */
export const whole = (file: Uint8Array): Uint8Array => file;
