import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { CheckpointStore } from "../core/states/checkpointStore.js";
import { ReplyTokenCache } from "../core/chat/replyTokenCache.js";
import { CompletionEngine } from "../core/engine/completionEngine.js";
import { firstOf } from "../core/engine/engineOptions.js";
import { type Model } from "../core/model.js";
import { CompletionCounter, type CompletionCost } from "../core/statistics.js";
import { loadModel, type LoadOptions } from "../rwkv/load.js";
import { isWeightFormat } from "../rwkv/weights/matrices.js";
import { headerPath } from "../core/tokens/headerPath.js";
import { embeddedModel } from "./embeddedModel.js";
import { engineName } from "./engineName.js";
import { readTextFile } from "./textFile.js";
import { UsageError } from "./usageError.js";
import { print, printCode, printError, printJson } from "./output.js";
import { timings } from "./timings.js";
import { neverCancelled } from "../shared/cancellation.js";

const usage =
  "complete FILE:LINE:COL [--model DIR] [--weights fp32|int8|int4] [--engine auto|native|onnxruntime] [--threads N] [--json]   (LINE and COL count from 1)";
const maxTokens = 128;
const linesShown = 12;

/** The command's result, printed with --json. Lines and offsets count from 0; `start` and `end` are UTF-16 offsets. */
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
  const uri = pathToFileURL(position.path).href;
  const counter = new CompletionCounter();
  const engine = new CompletionEngine({
    model,
    // This document is completed only once, so it needs few checkpoints; 64 are plenty.
    store: new CheckpointStore(64 * model.stateBytes),
    replyTokens: new ReplyTokenCache(),
    limits: () => ({ timeBudgetMs: Infinity, maxTokens, threshold: 0 }),
    counter,
  });
  engine.documents.open({ uri, headerPath: headerPath(uri, "", [pathToFileURL(process.cwd()).href]) }, text);
  const options = { trigger: "invoked", prefixMode: "full" } as const;
  const completion = firstOf(await engine.complete({ ...position, uri }, options, neverCancelled));
  await engine.dispose();
  const { line, character } = position;
  return {
    insertText: completion?.text ?? "",
    line,
    start: completion?.start ?? character,
    end: completion?.end ?? character,
    model: model.name,
    engine: model.engine,
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
