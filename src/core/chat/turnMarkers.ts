/** What a turn may begin with, however it is decorated: `User:`, `**assistant** :`. */
const turnLine = /^[^\p{L}\p{N}]{0,20}(?:user|assistant|system)[^\p{L}\p{N}]{0,20}[:\uff1a]/iu;

/** Blank lines, and lines that only look blank. */
const blankLine = /^[\s\p{C}]*$/u;

/** Whether a model could take a part of the text for someone's turn: a turn begins the text, or follows a blank line. */
export function holdsTurns(text: string): boolean {
  let isAfterBlank = true;
  for (const line of text.split("\n")) {
    if (isAfterBlank && turnLine.test(line)) return true;
    isAfterBlank = blankLine.test(line);
  }
  return false;
}

/** The text without the blank lines that would make turns of what follows them. */
export function withoutTurns(text: string): string {
  if (!holdsTurns(text)) return text;
  const kept: string[] = [];
  for (const line of text.split("\n")) {
    if (turnLine.test(line)) while (kept.length > 0 && blankLine.test(kept.at(-1) ?? "")) kept.pop();
    kept.push(line);
  }
  return kept.join("\n");
}

/** The text as one paragraph. Blank lines separate turns, so a paragraph cannot hold one. */
export function paragraph(text: string): string {
  return text
    .split("\n")
    .filter((line) => !blankLine.test(line))
    .join("\n")
    .trim();
}
