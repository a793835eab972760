/**
 * The extension host runs the command-line program with --json and reads one JSON object per line from its standard
 * output. These are the types of the objects. An error is one line on standard error, `rwkv-code: …`.
 */

/** The single line of `rwkv-code inspect MODEL --json`: the fields that the extension host reads. */
export interface InspectLine {
  /** Undefined for a bare weights file. */
  readonly name?: string | undefined;
  readonly dimensions: { readonly version: number; readonly layers: number; readonly width: number };
  readonly parameters: number;
  /** Size of the weights file, or of all shards together. */
  readonly weightsBytes: number;
  readonly stateBytes: number;
  readonly prompt?: "prefix" | "prefix-suffix-middle" | "suffix-prefix-middle" | undefined;
  /** The model's name according to the published file's path; undefined for a model folder. */
  readonly publishedName?: string | undefined;
  /** The prompt form that the name of a bare file suggests; undefined if its family cannot fill in the middle. */
  readonly suggestedPrompt?: "prefix" | "suffix-prefix-middle" | undefined;
  readonly chat?: "none" | "world" | "g1" | undefined;
  readonly licence?: string | undefined;
  /** True for a bare file that needs a vocabulary file and has none next to it. An import then needs --tokenizer. */
  readonly isVocabularyMissing: boolean;
  /** Size of the weights after an import, by quantization. */
  readonly importedBytes: Readonly<Record<"none" | "int8" | "int4", number>>;
  /** Hashes in hex by file name; empty with --quick. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** One line of `rwkv-code import SOURCE --json`. The last line is "made", or "verified" if the import is verified. */
export type ImportLine =
  | { readonly kind: "progress"; readonly fraction: number }
  | ({ readonly kind: "made" } & MadeModel)
  | { readonly kind: "verified"; readonly verification: ImportVerification };

export interface MadeModel {
  readonly folder: string;
  readonly dimensions: { readonly version: number; readonly layers: number; readonly width: number };
  /** Size of the weights. */
  readonly bytes: number;
  readonly chat: "none" | "world" | "g1";
}

export type ImportVerification =
  | { readonly kind: "compared"; readonly tokens: number; readonly maxDifference: number; readonly agreeing: number }
  /** Some logits are NaN or infinite, so the import fails and leaves no model. */
  | { readonly kind: "notFinite"; readonly reason: string }
  /** The source's weights, unquantized, do not fit into memory. */
  | { readonly kind: "tooLarge"; readonly neededBytes: number }
  /** The comparison failed; the import itself is complete. */
  | { readonly kind: "failed"; readonly reason: string };

/** A line of `rwkv-code models --json`: a published model that `get` knows. */
export interface PublishedModelLine {
  readonly name: string;
  readonly title: string;
  readonly parameters: number;
  readonly downloadBytes: number;
  readonly memoryBytes: number;
  readonly fitsMemory: boolean;
  readonly prompt: "prefix" | "suffix-prefix-middle";
  readonly chat: "none" | "world" | "g1";
  readonly licence: string;
  /** Decoding speed, estimated from the bandwidth of this machine's memory. */
  readonly expectedTokensPerSecond: number;
  /** Whether this model is recommended for this machine (src/hub/recommendation.ts). At most one model is. */
  readonly isRecommended: boolean;
  /** Whether the model's folder already exists. */
  readonly isThere: boolean;
}
