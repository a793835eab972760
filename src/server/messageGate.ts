import {
  ErrorCodes,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
} from "vscode-languageserver";
import { isObject } from "../shared/jsonObject.js";
import { isId, isKnownMethod, own, problemOf } from "./messageChecks.js";

/** The phases of an LSP connection, which decide what a client may send. */
type Phase = "uninitialized" | "running" | "shutDown";

/**
 * Reads messages and passes on only those that the protocol allows. Without this gate, the LSP library would log
 * malformed messages with the user's text, and would answer requests in every phase. A rejected request is answered
 * with an error, and a rejected notification is dropped. Their content is never logged.
 */
export class MessageGate implements MessageReader {
  readonly #reader: MessageReader;
  readonly #writer: MessageWriter;
  #phase: Phase = "uninitialized";

  constructor(reader: MessageReader, writer: MessageWriter) {
    this.#reader = reader;
    this.#writer = writer;
  }

  listen(callback: DataCallback): Disposable {
    return this.#reader.listen((message) => {
      if (this.#passes(message)) callback(message);
    });
  }

  get onError(): MessageReader["onError"] {
    return this.#reader.onError;
  }

  get onClose(): MessageReader["onClose"] {
    return this.#reader.onClose;
  }

  get onPartialMessage(): MessageReader["onPartialMessage"] {
    return this.#reader.onPartialMessage;
  }

  /** True after a `shutdown` request: from then on, the end of the connection is not an error. */
  get wasShutDown(): boolean {
    return this.#phase === "shutDown";
  }

  dispose(): void {
    this.#reader.dispose();
  }

  #passes(message: unknown): boolean {
    if (message === undefined) return this.#refuse(null, ErrorCodes.ParseError, "the message is not JSON");
    if (!isObject(message)) return this.#refuse(null, ErrorCodes.InvalidRequest, "the message is not an object");
    const [id, method] = [own(message, "id"), own(message, "method")];
    if (method === undefined && isId(id)) return this.#passesResponse(message);
    if (typeof method !== "string") return this.#refuse(id, ErrorCodes.InvalidRequest, "the message has no method");
    const isRequest = id !== undefined;
    if (isRequest && !isId(id)) {
      return this.#refuse(null, ErrorCodes.InvalidRequest, "the id of a request must be a number or a string");
    }
    const params = own(message, "params");
    const refuse = (code: number, reason: string): boolean => {
      const name = isKnownMethod(method) ? method : isRequest ? "a request" : "a notification";
      return this.#refuse(id, code, `${name}: ${reason}`);
    };
    if (method === "exit") return true;
    if (this.#phase === "shutDown") return refuse(ErrorCodes.InvalidRequest, "the server was shut down");
    if (this.#phase === "uninitialized" && method !== "initialize") {
      return refuse(ErrorCodes.ServerNotInitialized, "the server is not initialized");
    }
    if (this.#phase === "running" && method === "initialize") {
      return refuse(ErrorCodes.InvalidRequest, "the server is already initialized");
    }
    if (params !== undefined && (typeof params !== "object" || params === null)) {
      return refuse(ErrorCodes.InvalidParams, "the parameters are neither an object nor a list");
    }
    const problem = problemOf(method, params);
    if (problem !== undefined) return refuse(ErrorCodes.InvalidParams, problem);
    if (method === "initialize" && isRequest) this.#phase = "running";
    if (method === "shutdown" && isRequest) this.#phase = "shutDown";
    return true;
  }

  /** Whether a response to one of the server's requests is passed on: it must have a result or an error. */
  #passesResponse(message: Readonly<Record<string, unknown>>): boolean {
    if (own(message, "result") !== undefined) return true;
    const error = own(message, "error");
    if (isObject(error) && typeof own(error, "code") === "number" && typeof own(error, "message") === "string") {
      return true;
    }
    return this.#refuse(undefined, ErrorCodes.InvalidRequest, "a response has neither result nor error");
  }

  /**
   * Answers a rejected message with an error, or logs why it was rejected. @param id undefined if the message must not
   * be answered. @returns false
   */
  #refuse(id: unknown, code: number, reason: string): boolean {
    const answer = { jsonrpc: "2.0", id: isId(id) ? id : null, error: { code, message: reason } };
    const log = { jsonrpc: "2.0", method: "window/logMessage", params: { type: 2, message: `ignored: ${reason}` } };
    // LSP allows no log messages before the client has sent `initialize`.
    if (id === undefined && this.#phase === "uninitialized") return false;
    const reply: Message & object = id === undefined ? log : answer;
    void this.#writer.write(reply).catch(() => undefined); // a lost connection ends the process
    return false;
  }
}
