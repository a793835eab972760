/** What a filter looks at. Text is normalised. */
export interface CompletionPlace {
  /** The cursor's line before and after the cursor. */
  readonly typed: string;
  readonly rest: string;
  /** Lines above and below the cursor's line, nearest last and nearest first. */
  readonly above: readonly string[];
  readonly below: readonly string[];
}

export interface CandidateText {
  readonly text: string;
  /** How many UTF-16 units right of the cursor the text stands in for. */
  readonly replaced: number;
}

/** One rule: the candidate, changed or not, or undefined where nothing should be shown. */
export type Filter = (candidate: CandidateText, place: CompletionPlace) => CandidateText | undefined;
