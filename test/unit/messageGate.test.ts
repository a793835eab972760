import assert from "node:assert/strict";
import test from "node:test";
import {
  ErrorCodes,
  type DataCallback,
  type Message,
  type MessageReader,
  type MessageWriter,
} from "vscode-languageserver";
import { MessageGate } from "../../src/server/messageGate.js";

/** A gate, the messages that passed it, and the responses and log messages that it sent back. */
function gate() {
  const passed: unknown[] = [];
  const replies: Message[] = [];
  let receive: DataCallback = () => undefined;
  const state = { isDisposed: false };
  const reader = {
    listen: (callback: DataCallback) => {
      receive = callback;
      return { dispose: () => undefined };
    },
    dispose: () => (state.isDisposed = true),
  };
  const writer = { write: async (message: Message) => void replies.push(message) };
  // Reader and writer have all members that are used.
  const opened = new MessageGate(reader as unknown as MessageReader, writer as unknown as MessageWriter);
  opened.listen((message) => passed.push(message));
  /** Receives messages. @returns what happened to the last one: an error code, a log message, "passed" or "dropped". */
  const send = (...messages: readonly unknown[]): number | string => {
    let before = [0, 0];
    for (const message of messages) {
      before = [passed.length, replies.length];
      receive(message as Message);
    }
    if (passed.length > before[0]!) return "passed";
    if (replies.length === before[1]) return "dropped";
    const { error, params } = replies.at(-1) as { error?: { code: number }; params?: { message: string } };
    return error?.code ?? params!.message;
  };
  return { gate: opened, send, passed, replies, state };
}

const request = (method: string, params: unknown = {}, id: unknown = 1) => ({ jsonrpc: "2.0", id, method, params });
const notification = (method: string, params: unknown = {}) => ({ jsonrpc: "2.0", method, params });
const initialize = request("initialize", { capabilities: {} });
const shutdown = request("shutdown", undefined);
const { InvalidRequest, InvalidParams, ServerNotInitialized, ParseError } = ErrorCodes;

const phases: readonly (readonly [claim: string, messages: readonly unknown[], outcome: number | string])[] = [
  ["the first message initializes the server", [initialize], "passed"],
  ["a request before the initialization is an error", [request("shutdown")], ServerNotInitialized],
  ["a notification before the initialization is dropped without a log message", [notification("initialized")], "dropped"],
  ["the exit is always possible", [notification("exit")], "passed"],
  ["an initialization that is a notification does not count", [notification("initialize", { capabilities: {} }), shutdown], ServerNotInitialized],
  ["a malformed initialization does not count", [request("initialize"), shutdown], ServerNotInitialized],
  ["requests after the initialization pass", [initialize, request("a/b")], "passed"],
  ["the server is initialized once", [initialize, initialize], InvalidRequest],
  ["a shutdown passes", [initialize, shutdown], "passed"],
  ["a shutdown that is a notification does not count", [initialize, notification("shutdown"), request("a/b")], "passed"],
  ["after the shutdown requests are errors", [initialize, shutdown, request("a/b")], InvalidRequest],
  ["after the shutdown notifications are logged", [initialize, shutdown, notification("a/b")], "ignored: a notification: the server was shut down"],
  ["after the shutdown the exit passes", [initialize, shutdown, notification("exit")], "passed"],
]; // prettier-ignore

for (const [claim, messages, outcome] of phases) {
  test(`the phases of a connection: ${claim}`, () => {
    assert.equal(gate().send(...messages), outcome);
  });
}

test("the gate knows whether the server was shut down", () => {
  const { gate: opened, send } = gate();
  send(initialize);
  assert.equal(opened.wasShutDown, false);
  send(shutdown);
  assert.equal(opened.wasShutDown, true);
});

const inlineCompletion = (parts: object) =>
  request("textDocument/inlineCompletion", {
    textDocument: { uri: "file:///a" },
    position: { line: 0, character: 0 },
    context: { triggerKind: 1 },
    ...parts,
  });
const at = (line: unknown): object => inlineCompletion({ position: { line, character: 0 } });
const turn = { message: "Why?", attachments: [], think: false };
const chat = (...turns: unknown[]) =>
  request("rwkv/chat", { turns, system: "", scratchLanguageId: "go", seed: 1, partialResultToken: "t" });
const forms: readonly (readonly [claim: string, message: unknown, outcome: number | string])[] = [
  ["text that is not JSON", undefined, ParseError],
  ["a list", [], InvalidRequest],
  ["null", null, InvalidRequest],
  ["neither a method nor an id", {}, "ignored: the message has no method"],
  ["a method that is a number", { id: 1, method: 2 }, InvalidRequest],
  ["an inherited method", Object.create({ method: "a/b" }), "ignored: the message has no method"],
  ["an id that is an object", request("a/b", {}, {}), InvalidRequest],
  ["an id that is a text", request("a/b", {}, "7"), "passed"],
  ["parameters that are a text", request("a/b", "x"), InvalidParams],
  ["parameters that are null", request("a/b", null), InvalidParams],
  ["a list of parameters of an unknown method", request("a/b", [1]), "passed"],
  ["a list instead of named parameters", request("rwkv/countTokens", [1]), InvalidParams],
  ["a notification with malformed parameters", notification("textDocument/didOpen"), "ignored: textDocument/didOpen: its parameter textDocument is missing or malformed"],
  ["an unknown notification with malformed parameters, which is not named", notification("my secret", 1), "ignored: a notification: the parameters are neither an object nor a list"],
  ["a response with a result", { id: 1, result: null }, "passed"],
  ["a response with an error", { id: 1, error: { code: 1, message: "no" } }, "passed"],
  ["a response with neither", { id: 1 }, "ignored: a response has neither result nor error"],
  ["a response whose error has no code", { id: 1, error: { message: "no" } }, "ignored: a response has neither result nor error"],
  ["a response whose error has no message", { id: 1, error: { code: 1 } }, "ignored: a response has neither result nor error"],
  ["a place", at(0), "passed"],
  ["the last line that the protocol allows", at(2 ** 31 - 1), "passed"],
  ["a line beyond that", at(2 ** 31), InvalidParams],
  ["a negative line", at(-1), InvalidParams],
  ["half a line", at(0.5), InvalidParams],
  ["a line that is a text", at("0"), InvalidParams],
  ["no selected entry", inlineCompletion({ context: { triggerKind: 1, selectedCompletionInfo: null } }), "passed"],
  ["a selected entry without a range", inlineCompletion({ context: { triggerKind: 1, selectedCompletionInfo: { text: "a" } } }), InvalidParams],
  ["a trigger that is infinite", inlineCompletion({ context: { triggerKind: Infinity } }), InvalidParams],
  ["a conversation", chat(turn), "passed"],
  ["a conversation with an answer", chat({ ...turn, answer: "Because." }, turn), "passed"],
  ["a conversation without a message", chat(), InvalidParams],
  ["a turn without a message", chat({ ...turn, message: undefined }), InvalidParams],
  ["a turn that does not say whether to think", chat({ ...turn, think: 1 }), InvalidParams],
  ["an answer that is no text", chat({ ...turn, answer: 5 }), InvalidParams],
  ["an attachment that is no object", chat({ ...turn, attachments: ["a"] }), InvalidParams],
  ["an action on the index", request("rwkv/workspaceIndex", { action: "clear" }), "passed"],
  ["an unknown action on the index", request("rwkv/workspaceIndex", { action: "delete" }), InvalidParams],
  ["texts to count", request("rwkv/countTokens", { texts: ["a", ""] }), "passed"],
  ["texts that are not all texts", request("rwkv/countTokens", { texts: ["a", 1] }), InvalidParams],
]; // prettier-ignore

for (const [claim, message, outcome] of forms) {
  test(`a message with ${claim}: ${outcome}`, () => {
    const { send, passed } = gate();
    send(initialize);
    assert.equal(send(message), outcome);
    if (outcome === "passed") assert.equal(passed.at(-1), message);
  });
}

test("an error answers the request by its id, and quotes nothing of it but the names of known methods and fields", () => {
  const { send, replies } = gate();
  send(initialize, request("my secret", "my secret", "a"), request("rwkv/countTokens", { texts: "my secret" }, 7));
  assert.deepEqual(replies, [
    { jsonrpc: "2.0", id: "a", error: { code: InvalidParams, message: "a request: the parameters are neither an object nor a list" } },
    { jsonrpc: "2.0", id: 7, error: { code: InvalidParams, message: "rwkv/countTokens: its parameter texts is missing or malformed" } },
  ]);
}); // prettier-ignore

test("disposing the gate disposes its reader", () => {
  const { gate: opened, state } = gate();
  opened.dispose();
  assert.equal(state.isDisposed, true);
});
