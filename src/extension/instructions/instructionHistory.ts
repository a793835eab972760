const maxInstructions = 20;

export interface PastInstruction {
  readonly label: string;
}

/**
 * The instruction that the user has confirmed: the past instruction that is active in the list, or else the typed text.
 * The typed text is taken from the input box, because its entry in the list might not be up to date yet.
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
