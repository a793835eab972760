import type { Readable, Writable } from "node:stream";
import {
  createConnection,
  IPCMessageReader,
  IPCMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
  type Connection,
} from "vscode-languageserver/node";
import { MessageGate } from "./messageGate.js";

/** A connection to the process that forked this one. */
export function connectionToParent(): Connection {
  // The library checks only every three seconds whether the parent is alive. Node.js emits this event at once.
  process.once("disconnect", () => process.exit());
  const writer = new IPCMessageWriter(process);
  return createConnection(new MessageGate(new IPCMessageReader(process), writer), writer);
}

/** A connection over standard input and output. The process exits when the input ends or the output fails. */
export function connectionOver(input: Readable, output: Writable): Connection {
  const reader = new StreamMessageReader(input, { contentTypeDecoder: json });
  const writer = new StreamMessageWriter(output);
  const gate = new MessageGate(reader, writer);
  const exit = (): never => process.exit(gate.wasShutDown ? 0 : 1);
  input.once("end", exit).once("close", exit).once("error", exit);
  output.once("error", exit); // the client has closed its end, so nobody reads responses
  reader.onError(() => {
    // The start of the next message can no longer be found. The library's error is not logged, because it quotes the
    // input.
    process.stderr.write("rwkv-code: a message has a malformed header; the server ends\n", exit);
  });
  return createConnection(gate, writer);
}

/** Decodes a body that is not JSON to `undefined`, which the gate rejects. Without this, the connection would end. */
const json = {
  name: "application/json",
  decode: async (bytes: Uint8Array): Promise<never> => {
    try {
      return JSON.parse(new TextDecoder().decode(bytes)) as never; // safe: the gate validates every message
    } catch {
      return undefined as never;
    }
  },
};
