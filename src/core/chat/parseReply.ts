import type { ChatFormat } from "../model.js";
import { sectionsOf } from "./replySections.js";

/** A reply split into its two parts. */
export interface ParsedReply {
  readonly thinking: string;
  readonly text: string;
}

/**
 * Splits a reply into thinking and text. The prompt of a G1 model leaves a tag unclosed, so the reply starts inside
 * that tag: `>first this</think>\nThe reply` with thinking, `>\nThe reply` without. The model may open more tags. Both
 * parts only grow while the reply grows.
 */
export function parseReply(format: ChatFormat, think: boolean, written: string): ParsedReply {
  if (format === "none") return { thinking: "", text: written };
  const inside = format === "g1" ? written.replace(/^>/, "") : written;
  const isThinking = format === "g1" && think;
  const whole = withoutPartialTag(inside, isThinking);
  const { sections } = sectionsOf(whole, isThinking ? "thinking" : "text");
  const partOf = (kind: "thinking" | "text"): string =>
    sections
      .filter((section) => section.kind === kind)
      .map(({ start, end }) => whole.slice(start, end).trim())
      .filter((text) => text !== "")
      .join("\n\n");
  return { thinking: partOf("thinking"), text: partOf("text") };
}

/** Removes what may be the start of a tag from the end of a text that is still being generated. */
function withoutPartialTag(text: string, startsInThinking: boolean): string {
  const { open } = sectionsOf(text, startsInThinking ? "thinking" : "text");
  if (open === "fence") return text;
  const line = text.slice(text.lastIndexOf("\n") + 1);
  if (open === "thinking") return withoutPartialEnd(text, "</think>");
  return "<think>".startsWith(line.trimStart()) ? text.slice(0, text.length - line.length) : text;
}

function withoutPartialEnd(text: string, marker: string): string {
  for (let length = Math.min(marker.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(marker.slice(0, length))) return text.slice(0, -length);
  }
  return text;
}
