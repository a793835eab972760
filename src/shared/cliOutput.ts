/**
 * What the command line writes with --json where the extension host reads it: one JSON object a line on standard output.
 * Plain data only. Errors are one line on standard error, `rwkv-code: …`.
 */

/** The one line of `rwkv-code inspect MODEL --json`, as far as the extension host reads it. */
export interface InspectLine {
  /** Undefined for a bare weights file. */
  readonly name?: string | undefined;
  readonly dimensions: { readonly version: number; readonly layers: number; readonly width: number };
  readonly parameters: number;
  /** Of the weights file, or of all parts. */
  readonly weightsBytes: number;
  readonly stateBytes: number;
  readonly prompt?: "prefix" | "prefix-suffix-middle" | "suffix-prefix-middle" | undefined;
  /** What a published file says its model is called; undefined for a model's folder. */
  readonly publishedName?: string | undefined;
  /** Of a bare file that may be of a model that fills in the middle: what its name suggests. */
  readonly suggestedPrompt?: "prefix" | "suffix-prefix-middle" | undefined;
  readonly chat?: "none" | "world" | "g1" | undefined;
  readonly licence?: string | undefined;
  /** A bare file whose vocabulary does not lie beside it: an import has to name one. */
  readonly isVocabularyMissing: boolean;
  /** How large the weights of a model made of it are, by what an import quantises them to. */
  readonly importedBytes: Readonly<Record<"none" | "int8" | "int4", number>>;
  /** Empty with --quick. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** A line of `rwkv-code import SOURCE --json`; "made" comes last, or "verified" where it verifies. */
export type ImportLine =
  | { readonly kind: "progress"; readonly fraction: number }
  | ({ readonly kind: "made" } & MadeModel)
  | { readonly kind: "verified"; readonly verification: ImportVerification };

export interface MadeModel {
  readonly folder: string;
  readonly dimensions: { readonly version: number; readonly layers: number; readonly width: number };
  /** Of the weights. */
  readonly bytes: number;
  readonly chat: "none" | "world" | "g1";
}

export type ImportVerification =
  | { readonly kind: "compared"; readonly tokens: number; readonly maxDifference: number; readonly agreeing: number }
  /** Logits that are NaN or infinite; the command then fails, with the same reason, and leaves no model. */
  | { readonly kind: "notFinite"; readonly reason: string }
  /** The source's weights, unquantised, would not fit into memory. */
  | { readonly kind: "tooLarge"; readonly neededBytes: number }
  /** They could not be compared; the import is whole. */
  | { readonly kind: "failed"; readonly reason: string };
