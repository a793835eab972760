const maxInstructions = 20;

export interface PastInstruction {
  readonly label: string;
}

/**
 * What was entered: one of the past instructions where that is the active entry, otherwise what is typed. The entry for
 * that lags behind the keys.
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

/** Those in what was kept. */
export function instructionsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
