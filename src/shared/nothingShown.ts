/** Why a request for ghost text showed nothing, grouped by cause. */
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
  // an early end of the request
  "cancelled",
  "superseded",
  "textChanged",
  "modelUnloaded",
  "failed",
] as const;

export type NothingReason = (typeof nothingReasons)[number];

export interface NothingShown {
  readonly reason: NothingReason;
  /** Expected correctness and its threshold, both between 0 and 1. Present only if the reason is `belowThreshold`. */
  readonly correctness?: number;
  readonly threshold?: number;
}

export type NothingCounts = Readonly<Partial<Record<NothingReason, number>>>;
