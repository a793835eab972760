import type { ChatResult } from "../../shared/protocol.js";
import { codeOf, isFenceClosed } from "./codeInReply.js";

/** The replacement of a selection, or why there is none. */
export type RewriteResult =
  { readonly kind: "whole"; readonly text: string } | { readonly kind: "cut" } | { readonly kind: "none" };

export interface RewrittenText {
  readonly text: string;
  readonly languageId: string;
}

/** The code in a reply. If the reply was cut, its fence must be closed: otherwise part of the code could be missing. */
export function rewriteResult(
  { stop, text }: Pick<ChatResult, "stop" | "text">,
  { text: selected, languageId }: RewrittenText,
): RewriteResult {
  if (stop !== "end" && !isFenceClosed(text)) return { kind: "cut" };
  // Markdown contains fences itself: only a fence at the start of the reply encloses all of it.
  const isUnfenced = languageId === "markdown" && !/^\s*(`{3,}|~{3,})/.test(text);
  const code = isUnfenced ? text.trim() : codeOf(text);
  if (code === "") return { kind: "none" };
  // If the selection ended with a newline, the replacement must, too.
  return { kind: "whole", text: selected.endsWith("\n") ? `${code}\n` : code };
}
