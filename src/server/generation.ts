import type { CancellationToken } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { toRequest } from "../core/completion/editorRequest.js";
import type { Insertion } from "../core/structure/insertionPoint.js";
import { rawUnits } from "../core/tokens/normalize.js";
import type { GenerateParams, GenerateDelta, GenerateResult } from "../shared/protocol.js";
import { rawLine } from "./documents.js";
import type { LoadedModel } from "./loadedModel.js";

/** Receives the text as it is written, and may cancel the generation. */
export interface GenerationListener {
  readonly onDelta: (delta: GenerateDelta) => void;
  readonly cancellation: CancellationToken;
}

/** Answers `rwkv/generate`. @throws Cancelled */
export async function generate(
  loaded: LoadedModel,
  document: TextDocument,
  { position, maxLines, indentUnit }: GenerateParams,
  { onDelta, cancellation }: GenerationListener,
): Promise<GenerateResult> {
  const session = loaded.session(document.uri);
  if (session === undefined) return { characters: 0 };
  const line = Math.min(position.line, document.lineCount - 1);
  const { character } = position;
  const editorPosition = { session, line, rawLine: rawLine(document, line), character, selected: undefined };
  const neighbors = loaded.neighborsOf(session);
  const options = { trigger: "invoked", prefixMode: "window", neighbors, arrivedMs: performance.now() } as const;
  const { sentinelBytes } = loaded.model.tokenizer;
  const request = toRequest(editorPosition, options, sentinelBytes);
  if (request === undefined) return { characters: 0 };
  let afterCursor = editorPosition.rawLine.slice(character);
  const onText = (more: Insertion): void => {
    const replaced = rawUnits(afterCursor, more.replaced, sentinelBytes);
    afterCursor = afterCursor.slice(replaced);
    onDelta({ text: more.text, replaced });
  };
  const { text } = await loaded.generator.generate({ ...request, maxLines, indentUnit }, onText, cancellation);
  return { characters: text.length };
}
