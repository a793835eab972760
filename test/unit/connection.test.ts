import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import test, { type TestContext } from "node:test";
import { connectionOver } from "../../src/server/connection.js";
import { codeOf, MessageClient } from "../support/messageClient.js";

class StreamClient extends MessageClient {
  readonly stderr = "";
  readonly isGone = false;
  readonly input = new PassThrough();
  readonly output = new PassThrough();
  readonly errors: string[] = [];
  /** Resolves with the exit code when the server would end the process. */
  readonly exit: Promise<number | undefined>;

  constructor(t: TestContext) {
    super();
    this.output.on("data", (data: Buffer) => {
      this.read(data);
    });
    this.exit = new Promise((resolve) => {
      t.mock.method(process, "exit", resolve as typeof process.exit); // the tests' process must not exit
    });
    t.mock.method(process.stderr, "write", (text: string, written: () => void) => {
      this.errors.push(text);
      written();
      return true;
    });
    const connection = connectionOver(this.input, this.output);
    connection.onInitialize(() => ({ capabilities: {} }));
    connection.listen();
  }

  bytes(data: string | Uint8Array): void {
    this.input.write(data);
  }
}

const initialize = (client: StreamClient): Promise<unknown> => client.initialize({ processId: null });

const ends: readonly (readonly [claim: string, end: (client: StreamClient) => unknown, code: number])[] = [
  ["before anything was sent", ({ input }) => input.end(), 1],
  ["without a shutdown", (client) => initialize(client).then(() => client.input.end()), 1],
  ["after a shutdown", (client) => initialize(client).then(() => client.request("shutdown")).then(() => client.input.end()), 0],
  ["when it breaks", ({ input }) => input.destroy(new Error("broken")), 1],
  ["when it is closed", ({ input }) => input.destroy(), 1],
]; // prettier-ignore

for (const [claim, end, code] of ends) {
  test(`the process ends with its input ${claim}: ${code}`, async (t) => {
    const client = new StreamClient(t);
    await end(client);
    assert.equal(await client.exit, code);
  });
}

test("the process ends when its output fails", async (t) => {
  const client = new StreamClient(t);
  client.output.destroy(new Error("closed"));
  assert.equal(await client.exit, 1);
});

test("after a malformed header the process ends with a message that quotes nothing", async (t) => {
  const client = new StreamClient(t);
  client.bytes("my secret: 5\r\n\r\n");
  await client.exit;
  assert.deepEqual(client.errors, ["rwkv-code: a message has a malformed header; the server ends\n"]);
});

test("after a body that is not JSON the connection continues", async (t) => {
  const client = new StreamClient(t);
  client.raw("{");
  assert.equal(codeOf(await client.answerTo(null)), -32_700);
  await initialize(client);
  client.input.end();
  assert.equal(await client.exit, 1);
});
