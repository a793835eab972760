import type { CancellationToken } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { toEditorCompletion, toRequest } from "../core/completion/editorRequest.js";
import type { Alternative, AlternativesParams } from "../shared/protocol.js";
import { rawLine } from "./documents.js";
import type { LoadedModel } from "./loadedModel.js";

const maxAlternatives = 5;
const maxTokens = 128;
/** The user asked for a list and can wait for it. When time is up, the list contains what there is. */
const maxMs = 3000;

/** Answers `rwkv/alternatives`. @throws Cancelled */
export async function alternatives(
  loaded: LoadedModel,
  document: TextDocument,
  { position }: AlternativesParams,
  cancellation: CancellationToken,
): Promise<Alternative[]> {
  const session = loaded.session(document.uri);
  if (session === undefined) return [];
  const line = Math.min(position.line, document.lineCount - 1);
  const editorPosition = {
    session,
    line,
    rawLine: rawLine(document, line),
    character: position.character,
    selected: undefined,
  };
  const arrivedMs = performance.now();
  const { sentinelBytes } = loaded.model.tokenizer;
  const neighbors = loaded.neighborsOf(session);
  const request = toRequest(
    editorPosition,
    { trigger: "invoked", prefixMode: "window", neighbors, arrivedMs },
    sentinelBytes,
  );
  if (request === undefined) return [];
  const text = session.document.tokens;
  const { edits } = text;
  const best = await loaded.completer.complete(request, cancellation);
  if (text.edits !== edits) return []; // the position is no longer valid
  const drawn = await loaded.alternatives.generate(request, {
    count: maxAlternatives,
    maxTokens: maxTokens,
    isOverdue: () => performance.now() - arrivedMs > maxMs,
    cancellation,
  });
  const all = best === undefined ? drawn : [best, ...drawn.filter((one) => one.text !== best.text)];
  return all.slice(0, maxAlternatives).map((one) => {
    const { start, end, text } = toEditorCompletion(editorPosition, one, sentinelBytes);
    return { range: { start: { line, character: start }, end: { line, character: end } }, text };
  });
}
