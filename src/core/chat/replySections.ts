/** A section of a reply as UTF-16 offsets, without the tags around it. */
export interface ReplySection {
  readonly kind: "thinking" | "text";
  readonly start: number;
  readonly end: number;
}

/** The sections of a reply, and the section or fence that is open at its end. */
export interface ReplySections {
  readonly sections: readonly ReplySection[];
  readonly open: "thinking" | "fence" | undefined;
}

const openingTag = /^[ \t]*<think>/;
const closingTag = "</think>";
const fenceLine = /^[ \t>]*(?:[-*+]|\d+[.)])?[ \t]*(`{3,}|~{3,})([^\n]*)$/;

/**
 * Splits a reply into thinking and text. An opening tag counts only at the start of a line, or after a closing tag, and
 * outside of fenced code: elsewhere it belongs to the text, as in a reply about such tags.
 */
export function sectionsOf(written: string, start: "thinking" | "text"): ReplySections {
  const sections: ReplySection[] = [];
  let kind = start;
  let sectionStart = 0;
  let fence: Fence | undefined;
  let offset = 0;
  const startSection = (next: ReplySection["kind"], end: number, nextStart: number): void => {
    sections.push({ kind, start: sectionStart, end });
    kind = next;
    sectionStart = nextStart;
    offset = nextStart;
  };
  while (offset < written.length) {
    const lineEnd = endOfLine(written, offset);
    const line = written.slice(offset, lineEnd);
    if (kind === "thinking") {
      const close = line.indexOf(closingTag);
      if (close !== -1) {
        startSection("text", offset + close, offset + close + closingTag.length);
        continue;
      }
    } else {
      const tag = fence === undefined ? openingTag.exec(line) : null;
      if (tag !== null) {
        startSection("thinking", offset, offset + tag[0].length);
        continue;
      }
      fence = fenceAfter(fence, line);
    }
    offset = lineEnd + 1;
  }
  sections.push({ kind, start: sectionStart, end: written.length });
  return { sections, open: kind === "thinking" ? "thinking" : fence && "fence" };
}

interface Fence {
  readonly marker: string;
  /** The number of open fences: within a Markdown block, a fence that names a language opens a nested block. */
  readonly depth: number;
  readonly isMarkdown: boolean;
}

function fenceAfter(fence: Fence | undefined, line: string): Fence | undefined {
  const [, marker, info = ""] = fenceLine.exec(line) ?? [];
  if (marker === undefined) return fence;
  const language = info.trim();
  if (fence === undefined) {
    if (marker.startsWith("`") && language.includes("`")) return undefined; // inline code
    return { marker, depth: 1, isMarkdown: /^(?:markdown|md)\b/i.test(language) };
  }
  if (!marker.startsWith(fence.marker)) return fence;
  if (language !== "") return fence.isMarkdown ? { ...fence, depth: fence.depth + 1 } : fence;
  return fence.depth === 1 ? undefined : { ...fence, depth: fence.depth - 1 };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}
