import type { Ingredients } from "./mutate.js";

/** A reader for one kind of file. `read` either reads the whole file or throws a refusal. */
export interface FuzzedReader extends Ingredients {
  readonly fileName: string;
  /** Further files in the folder, which are not mutated. */
  readonly beside?: Readonly<Record<string, Uint8Array>>;
  /** A pattern for errors that count as a refusal; by default, any ModelError. */
  readonly refusal?: RegExp;
  /** Embeds the mutated part in a file. */
  readonly fileOf: (part: Uint8Array) => Uint8Array;
  read(file: string): void;
}

/** `fileOf` for readers whose files are mutated as a whole. */
export const whole = (file: Uint8Array): Uint8Array => file;
