const minShownUnits = 3;

/**
 * The complete part of a text that was cut off before its end: without its last line, or without its last word if it
 * has only one line. If too little would remain, the text is returned unchanged.
 */
export function completePart(text: string): string {
  const lastLine = text.lastIndexOf("\n");
  const part = lastLine !== -1 ? text.slice(0, lastLine) : text.replace(/[\p{L}\p{N}_$]+$/u, "").trimEnd();
  return part.trim().length < minShownUnits ? text : part;
}

/**
 * For a text that ends in a repetition: the text without its last line, or, if it has only one line, up to the end of
 * its last complete sentence; empty if there is none.
 */
export function beforeRepetition(text: string): string {
  const lastLine = text.lastIndexOf("\n");
  if (lastLine !== -1) return text.slice(0, lastLine);
  return /^.*[.!?;](?=\s)/.exec(text)?.[0] ?? "";
}
