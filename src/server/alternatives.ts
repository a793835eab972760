import type { CancellationToken } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { CompletionEngine } from "../core/engine/completionEngine.js";
import type { Alternative, DocumentPosition } from "../shared/protocol.js";
import { engineRequest } from "./engineRequest.js";

/** The user asked for the list and can wait for it. After `maxMs`, the completions found so far are returned. */
const options = { count: 5, maxTokens: 128, maxMs: 3000 };

/** Answers `rwkv/alternatives`. @throws Cancelled */
export async function alternatives(
  engine: CompletionEngine,
  document: TextDocument,
  { position }: DocumentPosition,
  cancellation: CancellationToken,
): Promise<Alternative[]> {
  const request = engineRequest(document, position);
  const { line } = request;
  const completions = await engine.alternatives(request, options, cancellation);
  return completions.map(({ start, end, text }) => ({
    range: { start: { line, character: start }, end: { line, character: end } },
    text,
  }));
}
