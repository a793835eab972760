/** A part of a document's text, as it was when the user asked for something. */
export interface SelectedText {
  readonly text: string;
  readonly offset: number;
  /** The whole document. */
  readonly before: string;
}

/** Where it stands now: where it stood if nothing was edited, otherwise its only place; undefined where that is unsure. */
export function currentOffset({ text, offset, before }: SelectedText, now: string): number | undefined {
  if (now === before) return offset;
  return isUnique(text, before) && isUnique(text, now) ? now.indexOf(text) : undefined;
}

function isUnique(part: string, whole: string): boolean {
  const first = whole.indexOf(part);
  return first >= 0 && first === whole.lastIndexOf(part);
}
