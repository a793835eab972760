/** Matches the beginning of a turn, also with decoration: `User:`, `**assistant** :`. */
const turnLine = /^[^\p{L}\p{N}]{0,20}(?:user|assistant|system)[^\p{L}\p{N}]{0,20}[:\uff1a]/iu;

/** Matches lines that are blank or look blank. */
const blankLine = /^[\s\p{C}]*$/u;

/**
 * True if a model could take part of the text for a turn, which begins at the start of a text or after a blank line.
 */
export function holdsTurns(text: string): boolean {
  let isAfterBlank = true;
  for (const line of text.split("\n")) {
    if (isAfterBlank && turnLine.test(line)) return true;
    isAfterBlank = blankLine.test(line);
  }
  return false;
}

/** Removes the blank lines before lines that look like turns, so that these no longer begin one. */
export function withoutTurns(text: string): string {
  if (!holdsTurns(text)) return text;
  const kept: string[] = [];
  for (const line of text.split("\n")) {
    if (turnLine.test(line)) while (kept.length > 0 && blankLine.test(kept.at(-1) ?? "")) kept.pop();
    kept.push(line);
  }
  return kept.join("\n");
}

/** Removes all blank lines. Blank lines separate turns, so the result cannot contain one. */
export function paragraph(text: string): string {
  return text
    .split("\n")
    .filter((line) => !blankLine.test(line))
    .join("\n")
    .trim();
}
