import type { Neighbor } from "../../src/core/decoding/documentNgrams.js";
import type { InferenceContext } from "../../src/core/states/checkpointedReader.js";
import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import { Completer, type CompleterLimits } from "../../src/core/completion/completer.js";
import { DocumentSession } from "../../src/core/completion/documentSession.js";
import type { Packing } from "../../src/core/states/packing.js";
import { toEditorCompletion, toRequest, type EditorPosition } from "../../src/core/completion/editorRequest.js";
import { OpenDocument } from "../../src/core/tokens/openDocument.js";
import { emptyBlockHash } from "../../src/core/tokens/tokenPrefix.js";
import { type Model } from "../../src/core/model.js";
import { Scheduler } from "../../src/core/states/scheduler.js";
import { CompletionCounter } from "../../src/core/statistics.js";
import { InsertionPoint } from "../../src/core/structure/insertionPoint.js";
import { grammarOf } from "../../src/core/structure/languages.js";
import { initialState } from "../../src/core/structure/lexerCursor.js";
import { neverCancelled, type CancellationToken } from "../../src/shared/cancellation.js";

export interface TestInference extends InferenceContext {
  readonly counter: CompletionCounter;
  readonly completer: Completer;
}

export interface TestInferenceOptions {
  readonly maxBytes?: number;
  readonly limits?: Partial<CompleterLimits>;
}

/** Makes an inference context for a model, and a completer without a time budget. */
export function testInference(model: Model, { maxBytes = 2 ** 24, limits }: TestInferenceOptions = {}): TestInference {
  const inference = { model, scheduler: new Scheduler(), store: new CheckpointStore(maxBytes) };
  const counter = new CompletionCounter();
  const all = { timeBudgetMs: Infinity, maxTokens: 64, threshold: 0, ...limits };
  return { ...inference, counter, completer: new Completer(inference, counter, () => all) };
}

export interface SessionOptions {
  readonly path?: string;
  readonly uri?: string;
  /** If absent, states are evicted and never packed. */
  readonly packing?: Packing;
}

export function openSession(
  inference: InferenceContext,
  text: string,
  { path = "src/a.ts", uri = `file:///${path}`, packing }: SessionOptions = {},
): DocumentSession {
  const { tokenizer, prompt, id } = inference.model;
  const origin = { uri, headerPath: path };
  const document = new OpenDocument(origin, text, { tokenizer, prompt, emptyHash: emptyBlockHash(id) });
  return new DocumentSession(document, inference.store, { ...(packing && { packing }) });
}

/** Splits a text at ║, the cursor. @returns the text without it, and the cursor's position. */
export function withCursor(marked: string): {
  readonly text: string;
  readonly line: number;
  readonly character: number;
} {
  const at = marked.indexOf("║");
  if (at < 0) throw new Error("no ║ in the text");
  const before = marked.slice(0, at).split("\n");
  return { text: marked.replace("║", ""), line: before.length - 1, character: before.at(-1)!.length };
}

/**
 * The insertion point at the cursor of `marked`, in a new document.
 * @param reachesEnd false if the document continues below the text.
 */
export function pointIn(marked: string, path = "src/a.ts", reachesEnd = true): InsertionPoint {
  const { text, line, character } = withCursor(marked);
  const lines = text.split("\n");
  const own = lines[line]!;
  return new InsertionPoint({
    linePrefix: own.slice(0, character),
    afterCursor: own.slice(character),
    above: lines.slice(0, line),
    below: lines.slice(line + 1),
    aboveState: initialState(grammarOf(path)),
    reachesEnd,
  });
}

export interface AskOptions {
  readonly cancellation?: CancellationToken;
  readonly trigger?: "automatic" | "invoked";
  readonly selected?: EditorPosition["selected"];
  readonly prefixMode?: "window" | "full";
  readonly neighbors?: readonly Neighbor[];
}

/**
 * Changes the document's text to `marked` and completes at the cursor.
 * @returns the cursor's line with the new text between ├ and ┤.
 */
export async function complete(
  inference: TestInference,
  session: DocumentSession,
  marked: string,
  options: AskOptions = {},
): Promise<string> {
  const { text, line, character } = withCursor(marked);
  session.setText(text);
  return completeAt(inference, session, { rawLine: text.split("\n")[line]!, line, character }, options);
}

/** Completes at a position of the unchanged document. @returns the same as `complete`. */
export async function completeAt(
  inference: TestInference,
  session: DocumentSession,
  at: Pick<EditorPosition, "rawLine" | "line" | "character">,
  options: AskOptions = {},
): Promise<string> {
  const { trigger = "automatic", prefixMode = "window", neighbors = [], cancellation = neverCancelled } = options;
  const position: EditorPosition = { ...at, session, selected: options.selected };
  const { sentinelBytes } = inference.model.tokenizer;
  const request = toRequest(position, { trigger, prefixMode, neighbors, arrivedMs: performance.now() }, sentinelBytes);
  if (request === undefined) return at.rawLine;
  const shown = await inference.completer.complete(request, cancellation);
  if ("reason" in shown) return at.rawLine;
  const { start, end, text } = toEditorCompletion(position, shown, sentinelBytes);
  return `${at.rawLine.slice(0, start)}├${text}┤${at.rawLine.slice(end)}`;
}
