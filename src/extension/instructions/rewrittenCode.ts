import type { ChatResult } from "../../protocol.js";
import { codeOf, isFenceClosed } from "./codeInAnswer.js";

/** What is to stand in place of a selection, or why there is nothing. */
export type RewrittenCode =
  { readonly kind: "whole"; readonly text: string } | { readonly kind: "cut" } | { readonly kind: "none" };

/** The code of an answer. Of one that was cut, only what its own fence ends: the rest of the selection would be lost. */
export function rewrittenCode({ stop, text }: Pick<ChatResult, "stop" | "text">, selected: string): RewrittenCode {
  if (stop !== "end" && !isFenceClosed(text)) return { kind: "cut" };
  const code = codeOf(text);
  if (code === "") return { kind: "none" };
  // Whole lines stay whole lines.
  return { kind: "whole", text: selected.endsWith("\n") ? `${code}\n` : code };
}
