import type { Model } from "../model.js";
import type { DocumentSession } from "./documentSession.js";
import { lineMemoryAt } from "./lineMemory.js";
import { buildPrompt, type Prompt } from "./prompt.js";

/** The prompt for a place of an open document; its suffix stays as it is for as long as the cursor is on the line. */
export function promptAt(
  { session, line, typed }: { readonly session: DocumentSession; readonly line: number; readonly typed: string },
  model: Pick<Model, "prompt" | "tokenizer" | "chunkTokens">,
  timeBudgetMs: number,
): Prompt {
  const { document } = session;
  if (session.line?.line !== line) session.line = lineMemoryAt(document, line, model, timeBudgetMs);
  const bytes = new TextEncoder().encode(typed);
  return buildPrompt({ ...session.line, document, typed: bytes }, model.tokenizer, model.prompt);
}
