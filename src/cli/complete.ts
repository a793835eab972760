import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { CheckpointStore } from "../core/states/checkpointStore.js";
import { Completer } from "../core/completion/completer.js";
import { DocumentSession } from "../core/completion/documentSession.js";
import { toEditorCompletion, toRequest, type EditorPosition } from "../core/completion/editorRequest.js";
import { OpenDocument } from "../core/tokens/openDocument.js";
import { emptyBlockHash } from "../core/tokens/tokenPrefix.js";
import { type Model } from "../core/model.js";
import { Scheduler } from "../core/states/scheduler.js";
import { CompletionCounter, type CompletionCost } from "../core/statistics.js";
import { loadModel, type LoadOptions } from "../rwkv/load.js";
import { isWeightFormat } from "../rwkv/weights/matrices.js";
import { headerPath } from "../core/tokens/headerPath.js";
import { embeddedModel } from "./embeddedModel.js";
import { engineName } from "./engineName.js";
import { readTextFile } from "./textFile.js";
import { UsageError } from "./usageError.js";
import { print, printCode, printError, printJson } from "./output.js";
import { neverCancelled } from "../shared/cancellation.js";

const usage =
  "complete FILE:LINE:COL [--model DIR] [--weights fp32|int8|int4] [--engine auto|native|onnxruntime] [--threads N] [--json]   (LINE and COL count from 1)";
const maxTokens = 128;
const linesShown = 12;

/** The result of completing at one position of a file. Offsets are 0-based UTF-16 units in the line. */
interface CompleteOutput {
  readonly insertText: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly model: string;
  readonly engine: string;
  readonly loadMs: number;
  readonly cost: CompletionCost | undefined;
}

/** The command `complete`: prints the ghost text for a position in a file. */
export async function complete(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      model: { type: "string" },
      weights: { type: "string" },
      engine: { type: "string" },
      threads: { type: "string" },
      json: { type: "boolean" },
    },
  });
  const position = parsePosition(positionals);
  const file = readTextFile(position.path);
  const rawLine = file.lines[position.line];
  if (rawLine === undefined)
    throw new Error(
      `${position.path}: the file has ${file.lines.length} lines; give a line up to that, not ${position.line + 1}`,
    );
  if (position.character > rawLine.length) {
    throw new Error(
      `${position.path}: line ${position.line + 1} ends at column ${rawLine.length + 1}; give a column up to that`,
    );
  }

  const start = performance.now();
  const model = await loadModel(values.model ?? embeddedModel, loadOptions(values));
  const loadMs = performance.now() - start;
  for (const note of model.notes) printError(`rwkv-code: ${note}`);
  try {
    const completed = { ...(await completeIn(model, file.text, { ...position, rawLine })), loadMs };
    if (values.json === true) printJson(completed);
    else show(completed, file.lines.slice(Math.max(0, position.line - linesShown), position.line), rawLine);
  } finally {
    await model.dispose();
  }
}

interface FilePosition {
  readonly path: string;
  readonly line: number;
  readonly character: number;
}

async function completeIn(
  model: Model,
  text: string,
  position: FilePosition & { readonly rawLine: string },
): Promise<Omit<CompleteOutput, "loadMs">> {
  const { tokenizer, prompt, name, engine } = model;
  const uri = pathToFileURL(position.path).href;
  const origin = { uri, headerPath: headerPath(uri, "", [pathToFileURL(process.cwd()).href]) };
  const document = new OpenDocument(origin, text, { tokenizer, prompt, emptyHash: emptyBlockHash(model.id) });
  // One document that is read once needs only a few states besides those of the cursor's line.
  const store = new CheckpointStore(64 * model.stateBytes);
  const counter = new CompletionCounter();
  const limits = () => ({ timeBudgetMs: Infinity, maxTokens, threshold: 0 });
  const completer = new Completer({ model, store, scheduler: new Scheduler() }, counter, limits);
  const session = new DocumentSession(document, store, () => 32);

  const editorPosition: EditorPosition = { ...position, session, selected: undefined };
  const options = { trigger: "invoked", prefixMode: "full", neighbors: [], arrivedMs: performance.now() } as const;
  const request = toRequest(editorPosition, options, tokenizer.sentinelBytes);
  const shown = request && (await completer.complete(request, neverCancelled));
  const nothing = { start: position.character, end: position.character, text: "" };
  const completion = shown === undefined ? nothing : toEditorCompletion(editorPosition, shown, tokenizer.sentinelBytes);
  await completer.dispose();
  const { line } = position;
  return {
    insertText: completion.text,
    line,
    start: completion.start,
    end: completion.end,
    model: name,
    engine,
    cost: counter.last,
  };
}

function show(completed: CompleteOutput, above: readonly string[], rawLine: string): void {
  const { insertText, start, end, cost } = completed;
  printCode([...above, rawLine.slice(0, start)].join("\n"), insertText, rawLine.slice(end));
  print();
  if (insertText === "") print("(no completion here)");
  print(`${completed.model}, ${completed.engine}: loaded in ${completed.loadMs.toFixed(0)} ms`);
  if (cost !== undefined) print(timings(cost));
}

function timings(cost: CompletionCost): string {
  const decodingMs = cost.ms - cost.msToFirstToken;
  const rate =
    cost.tokensDecoded > 1 ? `${(((cost.tokensDecoded - 1) * 1000) / decodingMs).toFixed(0)} tokens/s` : "1 token";
  return (
    `${cost.tokensRead} tokens read, ${cost.tokensFromCheckpoint} from a checkpoint, ` +
    `first token after ${cost.msToFirstToken.toFixed(0)} ms, ${rate}`
  );
}

function parsePosition(positionals: readonly string[]): FilePosition {
  const match = /^(.+):(\d+):(\d+)$/.exec(positionals[0] ?? "");
  if (match === null || positionals.length !== 1) throw new UsageError(usage);
  const [, file = "", line = "", column = ""] = match;
  const position = { path: path.resolve(file), line: Number(line) - 1, character: Number(column) - 1 };
  if (position.line < 0 || position.character < 0) throw new UsageError(usage);
  return position;
}

function loadOptions({
  weights,
  engine,
  threads = "0",
}: Partial<Record<"weights" | "engine" | "threads", string>>): LoadOptions {
  if (!/^\d+$/.test(threads)) throw new UsageError(usage);
  if (weights !== undefined && !isWeightFormat(weights)) throw new UsageError(usage);
  return { threads: Number(threads), engine: engineName(engine, usage), ...(weights === undefined ? {} : { weights }) };
}
