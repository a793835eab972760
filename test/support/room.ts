import type { Neighbour } from "../../src/core/cache/documentCache.js";
import type { ReadingRoom } from "../../src/core/checkpoints/reading.js";
import { CheckpointStore } from "../../src/core/checkpoints/store.js";
import { Completer, type CompleterLimits } from "../../src/core/completion/completer.js";
import { DocumentSession } from "../../src/core/completion/documentSession.js";
import { editorAnswer, requestAt, type EditorPlace } from "../../src/core/completion/request.js";
import { OpenDocument } from "../../src/core/document/openDocument.js";
import { emptyBlockHash } from "../../src/core/document/tokenChain.js";
import { neverCancelled, type CancellationToken, type Model } from "../../src/core/model.js";
import { Scheduler } from "../../src/core/scheduler.js";
import { CompletionCounter } from "../../src/core/statistics.js";
import { InsertionPoint } from "../../src/core/structure/insertionPoint.js";
import { grammarOf } from "../../src/core/structure/languages.js";
import { initialState } from "../../src/core/structure/lexerCursor.js";

export interface TestRoom extends ReadingRoom {
  readonly counter: CompletionCounter;
  readonly completer: Completer;
}

export interface TestRoomOptions {
  readonly maxBytes?: number;
  readonly limits?: Partial<CompleterLimits>;
}

/** Everything around a model that completing needs. */
export function testRoom(model: Model, { maxBytes = 2 ** 24, limits }: TestRoomOptions = {}): TestRoom {
  const room = { model, scheduler: new Scheduler(), store: new CheckpointStore(maxBytes) };
  const counter = new CompletionCounter();
  const all = { timeBudgetMs: Infinity, maxTokens: 64, threshold: 0, ...limits };
  return { ...room, counter, completer: new Completer(room, counter, () => all) };
}

export interface SessionOptions {
  readonly path?: string;
  readonly uri?: string;
  readonly states?: number;
}

export function openSession(
  room: ReadingRoom,
  text: string,
  { path = "src/a.ts", uri = `file:///${path}`, states = 64 }: SessionOptions = {},
): DocumentSession {
  const { tokenizer, prompt, id } = room.model;
  const origin = { uri, headerPath: path };
  const document = new OpenDocument(origin, text, { tokenizer, prompt, emptyHash: emptyBlockHash(id) });
  return new DocumentSession(document, room.store, () => states);
}

/** Text with the cursor as ║, and its parts. */
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

/** The insertion point at the cursor of `marked`, in a document of its own. */
export function pointIn(marked: string, path = "src/a.ts"): InsertionPoint {
  const { text, line, character } = withCursor(marked);
  const lines = text.split("\n");
  const own = lines[line]!;
  return new InsertionPoint({
    linePrefix: own.slice(0, character),
    afterCursor: own.slice(character),
    above: lines.slice(0, line),
    below: lines.slice(line + 1),
    aboveState: initialState(grammarOf(path)),
    reachesEnd: true,
  });
}

export interface AskOptions {
  readonly cancellation?: CancellationToken;
  readonly trigger?: "automatic" | "invoked";
  readonly selected?: EditorPlace["selected"];
  readonly longPrefix?: "window" | "readAll";
  readonly neighbours?: readonly Neighbour[];
}

/** Asks at the cursor of `marked`, which becomes the document's text; the line as it would read, the new text in ├┤. */
export async function ask(
  room: TestRoom,
  session: DocumentSession,
  marked: string,
  options: AskOptions = {},
): Promise<string> {
  const { text, line, character } = withCursor(marked);
  session.setText(text);
  return askAt(room, session, { rawLine: text.split("\n")[line]!, line, character }, options);
}

/** The same at a place of the document as it stands. */
export async function askAt(
  room: TestRoom,
  session: DocumentSession,
  at: Pick<EditorPlace, "rawLine" | "line" | "character">,
  options: AskOptions = {},
): Promise<string> {
  const { trigger = "automatic", longPrefix = "window", neighbours = [], cancellation = neverCancelled } = options;
  const place: EditorPlace = { ...at, session, selected: options.selected };
  const { sentinelBytes } = room.model.tokenizer;
  const request = requestAt(place, { trigger, longPrefix, neighbours, arrivedMs: performance.now() }, sentinelBytes);
  if (request === undefined) return at.rawLine;
  const shown = await room.completer.complete(request, cancellation);
  if (shown === undefined) return at.rawLine;
  const { start, end, text } = editorAnswer(place, shown, sentinelBytes);
  return `${at.rawLine.slice(0, start)}├${text}┤${at.rawLine.slice(end)}`;
}
