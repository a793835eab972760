import type { ChatResult } from "../../shared/protocol.js";
import { codeOf, isFenceClosed } from "./codeInReply.js";

/** The replacement of a selection, or why there is none. */
export type RewriteResult =
  { readonly kind: "whole"; readonly text: string } | { readonly kind: "cut" } | { readonly kind: "none" };

export interface RewrittenText {
  readonly text: string;
  readonly languageId: string;
}

/** The code in a reply. If the reply was cut off before its fence was closed, part of the code may be missing. */
export function rewriteResult(
  { stop, text }: Pick<ChatResult, "stop" | "text">,
  { text: selected, languageId }: RewrittenText,
): RewriteResult {
  if (stop !== "end" && !isFenceClosed(text)) return { kind: "cut" };
  // Markdown can contain fences of its own, so the reply is unwrapped only if it starts with one.
  const isUnfenced = languageId === "markdown" && !/^\s*(`{3,}|~{3,})/.test(text);
  const code = isUnfenced ? text.trim() : codeOf(text);
  if (code === "") return { kind: "none" };
  // If the selection ended with a newline, the replacement must, too.
  return { kind: "whole", text: selected.endsWith("\n") ? `${code}\n` : code };
}
