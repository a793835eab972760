/** The code of an answer so far: what stands in its first fence, without the line end that a closing fence may follow. */
export function codeInReply(text: string): string {
  const block = fenced(text);
  if (block === undefined) return "";
  const { lines, fence, end } = block;
  if (end >= 0) return lines.slice(0, end).join("\n");
  // The last line may become the closing fence.
  const last = lines.at(-1) ?? "";
  return (fence.startsWith(last.trim()) ? lines.slice(0, -1) : lines).join("\n");
}

/** Whether the code of an answer has come to its end, whatever follows. */
export function isFenceClosed(text: string): boolean {
  const block = fenced(text);
  return block !== undefined && block.end >= 0;
}

/** Of an answer that is whole: without a fence all of it is taken as code. */
export function codeOf(text: string): string {
  return /^(`{3,}|~{3,})/m.test(text) ? codeInReply(text) : text.trim();
}

/** Indents all lines but the first, where the code begins at the margin. */
export function indented(code: string, indentation: string): string {
  return code.replace(/\n(?=[^\n])/g, `\n${indentation}`);
}

/** What follows the first opening fence, line by line, and which of the lines closes it; -1 if none does. */
function fenced(text: string): { readonly lines: string[]; readonly fence: string; readonly end: number } | undefined {
  const opening = /^(?<fence>`{3,}|~{3,})[^\n]*\n/m.exec(text);
  if (opening === null) return undefined;
  const lines = text.slice(opening.index + opening[0].length).split("\n");
  const fence = opening.groups?.["fence"] ?? "";
  return { lines, fence, end: closingLine(lines, fence) };
}

/** A fence that names a language opens a block within the block, as in an answer that is Markdown itself. */
function closingLine(lines: readonly string[], fence: string): number {
  let depth = 1;
  return lines.findIndex((line) => {
    const trimmed = line.trim();
    if (trimmed === fence) depth--;
    else if (trimmed.startsWith(fence) && /^\w+$/.test(trimmed.slice(fence.length))) depth++;
    return depth === 0;
  });
}
