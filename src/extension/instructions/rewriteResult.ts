import type { ChatResult } from "../../shared/protocol.js";
import { codeOf, isFenceClosed } from "./codeInReply.js";

/** What is to stand in place of a selection, or why there is nothing. */
export type RewriteResult =
  { readonly kind: "whole"; readonly text: string } | { readonly kind: "cut" } | { readonly kind: "none" };

export interface RewrittenText {
  readonly text: string;
  readonly languageId: string;
}

/** The code of an answer. Of one that was cut, only what its own fence ends: the rest of the selection would be lost. */
export function rewriteResult(
  { stop, text }: Pick<ChatResult, "stop" | "text">,
  { text: selected, languageId }: RewrittenText,
): RewriteResult {
  if (stop !== "end" && !isFenceClosed(text)) return { kind: "cut" };
  // Markdown has fences of its own: only one that the answer begins with is around it.
  const isUnfenced = languageId === "markdown" && !/^\s*(`{3,}|~{3,})/.test(text);
  const code = isUnfenced ? text.trim() : codeOf(text);
  if (code === "") return { kind: "none" };
  // Whole lines stay whole lines.
  return { kind: "whole", text: selected.endsWith("\n") ? `${code}\n` : code };
}
