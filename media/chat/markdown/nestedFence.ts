import type { Tokens } from "marked";

const opening = /^ {0,3}(`{3,}|~{3,})[ \t]*(?:markdown|md)\b[^\n`]*(?:\n|$)/i;

/**
 * Reads a fenced block of Markdown, whose content may have fences of the same length. CommonMark would end the block at
 * the first closing fence in its content. Here, a fence with a language opens an inner block, and the next closing
 * fence ends the inner block. Undefined if the source does not start with a Markdown block.
 */
export function markdownFence(source: string): Tokens.Code | undefined {
  const [first, marker] = opening.exec(source) ?? [];
  if (first === undefined || marker === undefined) return undefined;
  const lines = source.slice(first.length).split("\n");
  let depth = 1;
  const end = lines.findIndex((line) => {
    const [, fence, info = ""] = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\n]*)$/.exec(line) ?? [];
    if (fence?.startsWith(marker) === true) depth += info.trim() === "" ? -1 : 1;
    return depth === 0;
  });
  const code = end < 0 ? lines : lines.slice(0, end);
  const closing = end < 0 ? "" : `${end > 0 ? "\n" : ""}${lines[end] ?? ""}`;
  const raw = first + code.join("\n") + closing + (end >= 0 && end < lines.length - 1 ? "\n" : "");
  return {
    type: "code",
    raw,
    lang: first.trim().slice(marker.length).trim(),
    text: code.join("\n").replace(/\n$/, ""),
  };
}
