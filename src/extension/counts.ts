/** Usage of completions over all sessions. Numbers only, never text. */
export interface CompletionCounts {
  /** The time when counting started, in milliseconds since 1970. */
  readonly since: number;
  /** Requests sent to the server. */
  readonly asked: number;
  /**
   * Suggestions shown. After the user has typed a part of a suggestion, the remainder counts as the same suggestion.
   */
  readonly shown: number;
  /** Suggestions accepted in full. */
  readonly accepted: number;
  /** Suggestions of which only some words or lines were accepted. */
  readonly partlyAccepted: number;
  /** Suggestions of which nothing was accepted, because the user typed all of the text. */
  readonly typedOut: number;
  /** In UTF-16 code units; only documents that get completions are counted. */
  readonly charactersAccepted: number;
  readonly charactersTyped: number;
}

/** A change of the counts; negative to correct an earlier one. */
export type CountChange = Partial<Record<Exclude<keyof CompletionCounts, "since">, number>>;

/** The accepted characters as a share of all accepted or typed characters; 0 if there are none. */
export function savedShare({ charactersAccepted, charactersTyped }: CompletionCounts): number {
  const written = charactersAccepted + charactersTyped;
  return written === 0 ? 0 : charactersAccepted / written;
}
