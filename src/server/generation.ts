import type { CancellationToken } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { requestAt } from "../core/completion/request.js";
import type { GenerateParams, GenerateResult } from "../protocol.js";
import { rawLine } from "./documents.js";
import type { LoadedModel } from "./loadedModel.js";

/** Who hears of the text, and who may end it. */
export interface GenerationListener {
  readonly onText: (text: string) => void;
  readonly cancellation: CancellationToken;
}

/** Answers `rwkv/generate`. @throws Cancelled */
export async function generate(
  loaded: LoadedModel,
  document: TextDocument,
  { position, maxLines, indentUnit }: GenerateParams,
  { onText, cancellation }: GenerationListener,
): Promise<GenerateResult> {
  const session = loaded.session(document.uri);
  if (session === undefined) return { characters: 0 };
  const line = Math.min(position.line, document.lineCount - 1);
  const { character } = position;
  const place = { session, line, rawLine: rawLine(document, line), character, selected: undefined };
  const neighbours = loaded.neighboursOf(session);
  const rest = { trigger: "invoked", longPrefix: "window", neighbours, arrivedMs: performance.now() } as const;
  const request = requestAt(place, rest, loaded.model.tokenizer.sentinelBytes);
  if (request === undefined) return { characters: 0 };
  const { text } = await loaded.generator.generate({ ...request, maxLines, indentUnit }, onText, cancellation);
  return { characters: text.length };
}
