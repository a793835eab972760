import type { CancellationToken } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { CompletionEngine } from "../core/engine/completionEngine.js";
import type { GenerateParams, GenerateDelta, GenerateResult } from "../shared/protocol.js";
import { engineRequest } from "./engineRequest.js";

/** Receives the text as it is written, and may cancel the generation. */
export interface GenerationListener {
  readonly onDelta: (delta: GenerateDelta) => void;
  readonly cancellation: CancellationToken;
}

/** Answers `rwkv/generate`. @throws Cancelled */
export async function generate(
  engine: CompletionEngine,
  document: TextDocument,
  { position, maxLines, indentUnit }: GenerateParams,
  { onDelta, cancellation }: GenerationListener,
): Promise<GenerateResult> {
  const onText = (text: string, replaced: number): void => {
    onDelta({ text, replaced });
  };
  const options = { maxLines, indentUnit, onText };
  return { characters: await engine.generate(engineRequest(document, position), options, cancellation) };
}
