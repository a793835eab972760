const minShownUnits = 3;

/**
 * Drops the incomplete end of a text that was cut off: its last line, or its last word if it has only one line. If too
 * little would remain, returns the text unchanged.
 */
export function completePart(text: string): string {
  const lastLine = text.lastIndexOf("\n");
  const part = lastLine !== -1 ? text.slice(0, lastLine) : text.replace(/[\p{L}\p{N}_$]+$/u, "").trimEnd();
  return part.trim().length < minShownUnits ? text : part;
}

/**
 * Drops the end of a text that repeats itself: its last line, or everything after its last complete sentence if it has
 * only one line. Returns an empty text if no sentence is complete.
 */
export function beforeRepetition(text: string): string {
  const lastLine = text.lastIndexOf("\n");
  if (lastLine !== -1) return text.slice(0, lastLine);
  return /^.*[.!?;](?=\s)/.exec(text)?.[0] ?? "";
}
