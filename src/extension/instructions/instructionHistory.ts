const maxInstructions = 20;

export interface PastInstruction {
  readonly label: string;
}

/**
 * The instruction that the user has entered: the past instruction that is active in the list, if any. The list's entry
 * for typed text is updated later than the input box, so the typed text itself is used.
 */
export function instructionOf(
  active: PastInstruction | undefined,
  typedText: string,
  past: readonly PastInstruction[],
): string {
  return active !== undefined && past.includes(active) ? active.label : typedText.trim();
}

export function withNewest(history: readonly string[], newest: string): readonly string[] {
  return [newest, ...history.filter((one) => one !== newest)].slice(0, maxInstructions);
}

/** The instructions in a stored value. */
export function instructionsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
