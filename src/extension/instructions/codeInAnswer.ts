/** The code of an answer so far: what stands in its first fence, without the line end that a closing fence may follow. */
export function codeInAnswer(text: string): string {
  const opening = /^(?<fence>`{3,}|~{3,})[^\n]*\n/m.exec(text);
  if (opening === null) return "";
  const body = text.slice(opening.index + opening[0].length);
  const fence = opening.groups?.["fence"] ?? "";
  const lines = body.split("\n");
  const end = lines.findIndex((line) => line.trim() === fence);
  if (end >= 0) return lines.slice(0, end).join("\n");
  // The last line may become the closing fence.
  const last = lines.at(-1) ?? "";
  return (fence.startsWith(last.trim()) ? lines.slice(0, -1) : lines).join("\n");
}

/** Of an answer that is whole: without a fence all of it is taken as code. */
export function codeOf(text: string): string {
  return /^(`{3,}|~{3,})/m.test(text) ? codeInAnswer(text) : text.trim();
}

/** Indents all lines but the first, where the code begins at the margin. */
export function indented(code: string, indentation: string): string {
  return code.replace(/\n(?=[^\n])/g, `\n${indentation}`);
}
