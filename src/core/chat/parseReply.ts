import type { ChatFormat } from "../model.js";

/** An answer in its two parts. */
export interface ParsedReply {
  readonly thinking: string;
  readonly text: string;
}

/**
 * Takes an answer apart. The prompt of a G1 model has opened the tag, so what is written begins inside of it:
 * `>first this</think>\nThe answer` where it thinks, `>\nThe answer` where it does not.
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

/** Without an end that may yet become `marker`. */
function withoutPartialEnd(text: string, marker: string): string {
  for (let length = Math.min(marker.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(marker.slice(0, length))) return text.slice(0, -length);
  }
  return text;
}
