/** The selected text as it was when the user ran the command. */
export interface SelectedText {
  readonly text: string;
  readonly offset: number;
  /** The whole document. */
  readonly before: string;
}

/** Its offset now: unchanged if nothing was edited, otherwise its only occurrence; undefined if that is ambiguous. */
export function currentOffset({ text, offset, before }: SelectedText, now: string): number | undefined {
  if (now === before) return offset;
  return isUnique(text, before) && isUnique(text, now) ? now.indexOf(text) : undefined;
}

function isUnique(part: string, whole: string): boolean {
  const first = whole.indexOf(part);
  return first >= 0 && first === whole.lastIndexOf(part);
}
