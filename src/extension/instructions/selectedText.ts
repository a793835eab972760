/** The selected text as it was when the user ran the command. */
export interface SelectedText {
  readonly text: string;
  readonly offset: number;
  /** The text of the whole document at that time. */
  readonly before: string;
}

/**
 * Finds the selected text in the document's current text `now`. If the document was edited, the selected text must
 * occur exactly once in it, before and after the edit.
 * @returns the offset; undefined if the text is not found.
 */
export function currentOffset({ text, offset, before }: SelectedText, now: string): number | undefined {
  if (now === before) return offset;
  return isUnique(text, before) && isUnique(text, now) ? now.indexOf(text) : undefined;
}

function isUnique(part: string, whole: string): boolean {
  const first = whole.indexOf(part);
  return first >= 0 && first === whole.lastIndexOf(part);
}
