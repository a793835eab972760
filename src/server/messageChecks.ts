import { isObject } from "../shared/jsonObject.js";
import {
  alternativesMethod,
  chatMethod,
  countTokensMethod,
  didFocusMethod,
  generateMethod,
} from "../shared/protocol.js";
import { blockEndMethod, insertionMethod } from "../shared/structureRequests.js";
import { notebookCellsMethod } from "../shared/notebookCells.js";
import { workspaceIndexMethod } from "../shared/workspaceIndexState.js";

/** True if the value has the expected form. */
type Check = (value: unknown) => boolean;

/** For each method, checks of the parameters that the server reads. Methods that are not listed are not checked. */
const parameters: ReadonlyMap<string, Readonly<Record<string, Check>>> = new Map(
  Object.entries({
    initialize: { capabilities: isObject, processId: optional(isNullOr(isNumber)), trace: optional(isString) },
    "$/cancelRequest": { id: isId },
    "$/setTrace": { value: isString },
    "$/progress": { token: isId },
    "workspace/didChangeWorkspaceFolders": {
      event: fields({ added: listOf(fields({ uri: isString })), removed: listOf(fields({ uri: isString })) }),
    },
    "textDocument/didOpen": {
      textDocument: fields({ uri: isString, languageId: isString, version: isNumber, text: isString }),
    },
    "textDocument/didChange": {
      textDocument: fields({ uri: isString, version: isNumber }),
      contentChanges: listOf(fields({ text: isString, range: optional(isRange) })),
    },
    "textDocument/didSave": { textDocument: fields({ uri: isString }) },
    "textDocument/didClose": { textDocument: fields({ uri: isString }) },
    "workspace/didChangeWatchedFiles": { changes: listOf(fields({ uri: isString })) },
    [workspaceIndexMethod]: { action: (value: unknown) => ["state", "rebuild", "clear"].includes(value as string) },
    "textDocument/inlineCompletion": {
      textDocument: fields({ uri: isString }),
      position: isPosition,
      context: fields({
        triggerKind: isNumber,
        selectedCompletionInfo: optional(isNullOr(fields({ range: isRange, text: isString }))),
      }),
    },
    "textDocument/completion": { textDocument: fields({ uri: isString }), position: isPosition },
    [didFocusMethod]: { textDocument: fields({ uri: isString }) },
    [notebookCellsMethod]: { notebook: isString, cells: listOf(isString) },
    [generateMethod]: {
      textDocument: fields({ uri: isString }),
      position: isPosition,
      maxLines: isNumber,
      indentUnit: isString,
      partialResultToken: isId,
    },
    [alternativesMethod]: { textDocument: fields({ uri: isString }), position: isPosition },
    [blockEndMethod]: { textDocument: fields({ uri: isString }), position: isPosition },
    [insertionMethod]: {
      textDocument: fields({ uri: isString }),
      range: isRange,
      text: isString,
      indentUnit: isString,
    },
    [countTokensMethod]: { texts: listOf(isString) },
    [chatMethod]: {
      turns: (value: unknown) => listOf(isTurn)(value) && (value as readonly unknown[]).length > 0,
      system: isString,
      scratchLanguageId: isString,
      seed: isNumber,
      partialResultToken: isId,
    },
  }),
);

/**
 * Describes the problem with a message's parameters; undefined if there is none. Quotes only field names, never values.
 */
export function problemOf(method: string, params: unknown): string | undefined {
  const checks = parameters.get(method);
  if (checks === undefined) return undefined;
  if (!isObject(params)) return "it has no named parameters";
  const wrong = Object.entries(checks).find(([name, check]) => !check(own(params, name)));
  return wrong && `its parameter ${wrong[0]} is missing or malformed`;
}

/**
 * True for the methods in `parameters`. The log names no other methods, because a client could send any text as a
 * method name.
 */
export function isKnownMethod(method: string): boolean {
  return parameters.has(method);
}

function isTurn(value: unknown): boolean {
  return fields({
    message: isString,
    attachments: listOf(
      fields({ label: isString, uri: isString, languageId: isString, text: isString, isWholeFile: isBoolean }),
    ),
    think: isBoolean,
    answer: optional(isString),
  })(value);
}

function fields(checks: Readonly<Record<string, Check>>): Check {
  return (value) => isObject(value) && Object.entries(checks).every(([name, check]) => check(own(value, name)));
}

function isPosition(value: unknown): boolean {
  return fields({ line: isUnsigned, character: isUnsigned })(value);
}

function isRange(value: unknown): boolean {
  return fields({ start: isPosition, end: isPosition })(value);
}

/** True for an LSP `uinteger`: a whole number from 0 to 2³¹ - 1. */
function isUnsigned(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 31;
}

function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

function optional(check: Check): Check {
  return (value) => value === undefined || check(value);
}

function isNullOr(check: Check): Check {
  return (value) => value === null || check(value);
}

export function isId(value: unknown): value is string | number {
  return isString(value) || isNumber(value);
}

/** The value of a field of the object itself, never of an inherited field. */
export function own(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}
