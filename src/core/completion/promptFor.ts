import type { Model } from "../model.js";
import type { DocumentSession } from "./documentSession.js";
import { freezeSuffix } from "./frozenSuffix.js";
import { buildPrompt, type Prompt } from "./prompt.js";

/** The prompt for a position of an open document. Its suffix is frozen while the user types on the line. */
export function promptFor(
  {
    session,
    line,
    linePrefix,
  }: { readonly session: DocumentSession; readonly line: number; readonly linePrefix: string },
  model: Pick<Model, "prompt" | "tokenizer" | "chunkTokens">,
  timeBudgetMs: number,
): Prompt {
  const { document } = session;
  if (session.frozenSuffix?.line !== line) session.frozenSuffix = freezeSuffix(document, line, model, timeBudgetMs);
  const bytes = new TextEncoder().encode(linePrefix);
  return buildPrompt({ ...session.frozenSuffix, document, linePrefix: bytes }, model.tokenizer, model.prompt);
}
