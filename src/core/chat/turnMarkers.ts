/** Matches the beginning of a turn, even with decoration around the speaker's name: `User:`, `**assistant** :`. */
const turnLine = /^[^\p{L}\p{N}]{0,20}(?:user|assistant|system)[^\p{L}\p{N}]{0,20}[:\uff1a]/iu;

/** Matches lines that are blank or contain only invisible characters. */
const blankLine = /^[\s\p{C}]*$/u;

/**
 * True if a model could mistake part of the text for a turn. A turn begins at the start of the text or after a blank
 * line.
 */
export function holdsTurns(text: string): boolean {
  let isAfterBlank = true;
  for (const line of text.split("\n")) {
    if (isAfterBlank && turnLine.test(line)) return true;
    isAfterBlank = blankLine.test(line);
  }
  return false;
}

/**
 * Removes the blank lines before lines that look like turns, so that no turn begins there. The first line cannot begin
 * a turn, because a reply follows the speaker's name.
 */
export function withoutTurns(text: string): string {
  if (!holdsTurns(text)) return text;
  const kept: string[] = [];
  for (const line of text.split("\n")) {
    if (turnLine.test(line)) while (kept.length > 0 && blankLine.test(kept.at(-1) ?? "")) kept.pop();
    kept.push(line);
  }
  return kept.join("\n");
}

/**
 * Removes all blank lines, and whitespace around the text. A turn after the first begins after a blank line, so the
 * result cannot contain another turn.
 */
export function paragraph(text: string): string {
  return text
    .split("\n")
    .filter((line) => !blankLine.test(line))
    .join("\n")
    .trim();
}
