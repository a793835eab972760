import type { CancellationToken } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { requestAt } from "../core/completion/request.js";
import type { Insertion } from "../core/structure/insertionPoint.js";
import { rawUnits } from "../core/text/normalise.js";
import type { GenerateParams, GeneratePiece, GenerateResult } from "../protocol.js";
import { rawLine } from "./documents.js";
import type { LoadedModel } from "./loadedModel.js";

/** Who hears of the text, and who may end it. */
export interface GenerationListener {
  readonly onPiece: (piece: GeneratePiece) => void;
  readonly cancellation: CancellationToken;
}

/** Answers `rwkv/generate`. @throws Cancelled */
export async function generate(
  loaded: LoadedModel,
  document: TextDocument,
  { position, maxLines, indentUnit }: GenerateParams,
  { onPiece, cancellation }: GenerationListener,
): Promise<GenerateResult> {
  const session = loaded.session(document.uri);
  if (session === undefined) return { characters: 0 };
  const line = Math.min(position.line, document.lineCount - 1);
  const { character } = position;
  const place = { session, line, rawLine: rawLine(document, line), character, selected: undefined };
  const neighbours = loaded.neighboursOf(session);
  const rest = { trigger: "invoked", longPrefix: "window", neighbours, arrivedMs: performance.now() } as const;
  const { sentinelBytes } = loaded.model.tokenizer;
  const request = requestAt(place, rest, sentinelBytes);
  if (request === undefined) return { characters: 0 };
  let right = place.rawLine.slice(character);
  const onText = (more: Insertion): void => {
    const replaced = rawUnits(right, more.replaced, sentinelBytes);
    right = right.slice(replaced);
    onPiece({ text: more.text, replaced });
  };
  const { text } = await loaded.generator.generate({ ...request, maxLines, indentUnit }, onText, cancellation);
  return { characters: text.length };
}
