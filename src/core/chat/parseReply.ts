import type { ChatFormat } from "../model.js";

/** The two parts of a reply. */
export interface ParsedReply {
  readonly thinking: string;
  readonly text: string;
}

/**
 * Separates a reply from its thinking. The prompt of a G1 model leaves a tag unclosed, so the reply starts inside that
 * tag: `>first this</think>\nThe reply` with thinking, `>\nThe reply` without.
 */
export function parseReply(format: ChatFormat, think: boolean, written: string): ParsedReply {
  if (format === "none") return { thinking: "", text: written };
  if (format !== "g1") return { thinking: "", text: written.trimStart() };
  const inside = written.replace(/^>/, "");
  if (!think) return { thinking: "", text: inside.trimStart() };
  const end = inside.indexOf("</think>");
  if (end < 0) return { thinking: withoutPartialEnd(inside, "</think>").trim(), text: "" };
  return { thinking: inside.slice(0, end).trim(), text: inside.slice(end + "</think>".length).trimStart() };
}

/** Removes the start of `marker` from the end of a text that is still being written. */
function withoutPartialEnd(text: string, marker: string): string {
  for (let length = Math.min(marker.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(marker.slice(0, length))) return text.slice(0, -length);
  }
  return text;
}
