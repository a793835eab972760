/** The selected text as it was when the user ran the command. */
export interface SelectedText {
  readonly text: string;
  readonly offset: number;
  /** The text of the whole document at that time. */
  readonly before: string;
}

/**
 * The text's offset in the current document `now`. After an edit it is that of the text's only occurrence; undefined if
 * the text is gone, or occurs or occurred more than once.
 */
export function currentOffset({ text, offset, before }: SelectedText, now: string): number | undefined {
  if (now === before) return offset;
  return isUnique(text, before) && isUnique(text, now) ? now.indexOf(text) : undefined;
}

function isUnique(part: string, whole: string): boolean {
  const first = whole.indexOf(part);
  return first >= 0 && first === whole.lastIndexOf(part);
}
