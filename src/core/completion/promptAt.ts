import type { Model } from "../model.js";
import type { DocumentSession } from "./documentSession.js";
import { buildPrompt, suffixTokens, suffixTokensWithin, type Prompt } from "./prompt.js";

/** The prompt for a place of an open document; its suffix stays as it is for as long as the cursor is on the line. */
export function promptAt(
  { session, line, typed }: { readonly session: DocumentSession; readonly line: number; readonly typed: string },
  model: Model,
  timeBudgetMs: number,
): Prompt {
  const { document } = session;
  if (session.line?.line !== line) {
    const most = model.prompt.form === "prefix" ? 0 : suffixTokensWithin(timeBudgetMs, model.chunkTokens);
    session.line = { line, suffix: suffixTokens(document, line, model.tokenizer, most) };
  }
  const bytes = new TextEncoder().encode(typed);
  return buildPrompt({ document, line, typed: bytes, suffix: session.line.suffix }, model.tokenizer, model.prompt);
}
