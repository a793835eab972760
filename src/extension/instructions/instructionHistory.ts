const maxInstructions = 20;

export interface PastInstruction {
  readonly label: string;
}

/**
 * The entered instruction: the past one if such an entry is active, otherwise the typed text, because the entry for
 * typed text lags behind the keys.
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
