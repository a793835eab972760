import { PassThrough } from "node:stream";
import { after } from "node:test";
import { connectionOver } from "../../src/server/connection.js";
import type { ModelLoader } from "../../src/server/modelHost.js";
import { serve } from "../../src/server/server.js";
import type { ServerStatistics } from "../../src/shared/protocol.js";
import { MessageClient, type RawMessage } from "./messageClient.js";

export interface ServedOptions {
  readonly load: ModelLoader;
  readonly initializationOptions?: Readonly<Record<string, unknown>>;
  readonly capabilities?: Readonly<Record<string, unknown>>;
  /** URI of the workspace folder. */
  readonly folder?: string;
}

const clients: ServedClient[] = [];
after(async () => {
  for (const client of clients) await client.request("shutdown"); // the server's timers would keep this process alive
});

/** A client of a server in the same process. The test's `load` supplies the models. */
export class ServedClient extends MessageClient {
  readonly stderr = "";
  readonly isGone = false;
  readonly #toServer = new PassThrough();

  constructor(load: ModelLoader) {
    super();
    const fromServer = new PassThrough();
    fromServer.on("data", (data: Buffer) => {
      this.read(data);
    });
    serve(connectionOver(this.#toServer, fromServer), { load, version: "1.2.3" });
    clients.push(this);
  }

  bytes(data: string | Uint8Array): void {
    this.#toServer.write(data);
  }

  /** Starts a server whose optional notifications are all enabled. @returns its initialized client. */
  static async start({ load, initializationOptions, capabilities, folder }: ServedOptions): Promise<ServedClient> {
    const client = new ServedClient(load);
    await client.initialize({
      processId: null,
      ...(capabilities !== undefined && { capabilities }),
      ...(folder !== undefined && { workspaceFolders: [{ uri: folder, name: "folder" }] }),
      initializationOptions: {
        statusNotifications: true,
        nothingShownNotifications: true,
        workspaceContext: false,
        timeBudgetMs: 10_000,
        ...initializationOptions,
      },
    });
    return client;
  }

  /** The params of all received messages with a certain method. */
  sent(method: string): readonly unknown[] {
    return this.received.filter((message) => message["method"] === method).map(({ params }) => params);
  }

  /** Because the server handles messages in order, everything sent before has been handled when this resolves. */
  async statisticsNow(): Promise<ServerStatistics> {
    return (await this.request("rwkv/statistics"))["result"] as ServerStatistics;
  }

  changed(uri: string, version: number, text: string): void {
    this.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] });
  }
}

/** The result of a response. @throws Error if it is an error */
export function resultOf(message: RawMessage): unknown {
  if (message["error"] !== undefined) throw new Error(JSON.stringify(message["error"]));
  return message["result"];
}
