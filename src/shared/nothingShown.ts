/** Why a request for ghost text showed nothing, grouped by what decides it. */
export const nothingReasons = [
  // settings and files
  "allOff",
  "languageOff",
  "automaticOff",
  "excluded",
  "notEditable",
  "tooLarge",
  // the model
  "noModel",
  "loading",
  "modelFailed",
  // the position
  "notOpen",
  "insideCharacter",
  "midLine",
  "emptyPrompt",
  // the text
  "nothingWritten",
  "belowThreshold",
  "notWorthReading",
  "repeatsItself",
  "onlyWhitespace",
  "unreadable",
  "unbalanced",
  "repeatsAfterCursor",
  "repeatsAbove",
  "repeatsBelow",
  "changesNothing",
  // the end of the request
  "cancelled",
  "superseded",
  "textChanged",
  "modelUnloaded",
  "failed",
] as const;

export type NothingReason = (typeof nothingReasons)[number];

export interface NothingShown {
  readonly reason: NothingReason;
  /** With `belowThreshold`: the expected correctness, and the threshold; between 0 and 1. */
  readonly correctness?: number;
  readonly threshold?: number;
}

export type NothingCounts = Readonly<Partial<Record<NothingReason, number>>>;
