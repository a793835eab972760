const kinds = { file: "attachFile", selection: "attachSelection" } as const;

/** Removes `@file` or `@selection` right before the cursor from the box. @returns the request that it represents. */
export function takeMention(box: HTMLTextAreaElement): "attachFile" | "attachSelection" | undefined {
  const { value, selectionStart, selectionEnd } = box;
  if (selectionStart !== selectionEnd) return undefined;
  const word = /(?:^|\s)@(file|selection)$/.exec(value.slice(0, selectionStart))?.[1];
  if (word !== "file" && word !== "selection") return undefined;
  box.setRangeText("", selectionStart - word.length - 1, selectionStart, "end");
  return kinds[word];
}

/** True if an `@` that begins a word is right before an offset. */
export function isMentionStart(text: string, offset: number): boolean {
  return /(?:^|\s)@$/.test(text.slice(0, offset));
}
