/**
 * The code in a reply that may be unfinished: the content of the first fenced block, without the newline before the
 * closing fence.
 */
export function codeInReply(text: string): string {
  const block = fenced(text);
  if (block === undefined) return "";
  const { lines, fence, end } = block;
  if (end >= 0) return lines.slice(0, end).join("\n");
  // The last line may be the beginning of the closing fence.
  const last = lines.at(-1) ?? "";
  return (fence.startsWith(last.trim()) ? lines.slice(0, -1) : lines).join("\n");
}

/** True if the reply's code block is closed; more text may follow. */
export function isFenceClosed(text: string): boolean {
  const block = fenced(text);
  return block !== undefined && block.end >= 0;
}

/** The code of a finished reply. If it contains no fence, the whole reply is taken as code. */
export function codeOf(text: string): string {
  return /^(`{3,}|~{3,})/m.test(text) ? codeInReply(text) : text.trim();
}

/** Indents the lines after the first, except empty ones. The code's outermost lines must not be indented yet. */
export function indented(code: string, indentation: string): string {
  return code.replace(/\n(?=[^\n])/g, `\n${indentation}`);
}

/** The first fence, the lines after it, and the index of its closing line or -1; undefined if the text has no fence. */
function fenced(text: string): { readonly lines: string[]; readonly fence: string; readonly end: number } | undefined {
  const opening = /^(?<fence>`{3,}|~{3,})[^\n]*\n/m.exec(text);
  if (opening === null) return undefined;
  const lines = text.slice(opening.index + opening[0].length).split("\n");
  const fence = opening.groups?.["fence"] ?? "";
  return { lines, fence, end: closingLine(lines, fence) };
}

/**
 * The index of the line that closes the block; -1 if none does. A fence with a language opens a nested block, for
 * instance if the code is Markdown.
 */
function closingLine(lines: readonly string[], fence: string): number {
  let depth = 1;
  return lines.findIndex((line) => {
    const trimmed = line.trim();
    if (trimmed === fence) depth--;
    else if (trimmed.startsWith(fence) && /^\w+$/.test(trimmed.slice(fence.length))) depth++;
    return depth === 0;
  });
}
