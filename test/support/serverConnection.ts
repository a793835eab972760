import { fileUri } from "./vscodeStandIn.js";
import type * as vscode from "vscode";
import { CompletionClient } from "../../src/extension/completionClient.js";
import type { CompletionClientOptions } from "../../src/extension/completionClientOptions.js";
import type { Settings } from "../../src/extension/settings.js";
import { defaultSettings, type ServerStatus } from "../../src/shared/protocol.js";
import { FakeLanguageClient } from "./fakeLanguageClient.js";

const connected: CompletionClient[] = [];

/** Call after each test. Connections that remain open would react to the next test's edits. */
export async function disconnect(): Promise<void> {
  for (const client of connected.splice(0)) await client.dispose();
}

export function documentOf(name: string, languageId = "typescript"): vscode.TextDocument {
  const document = { uri: fileUri(`/${name}`), languageId, lineCount: 1, getText: () => "" };
  return document as unknown as vscode.TextDocument; // has all members that are used
}

/** A completion client, the fake servers that it starts, and records of its events. */
export function connection(prepare: (server: FakeLanguageClient) => void = () => undefined) {
  const servers: FakeLanguageClient[] = [];
  const events: string[] = [];
  const kinds: string[] = [];
  const settings = {
    enable: defaultSettings.enable,
    isExcluded: (path: string) => path.endsWith(".env"),
    server: { ...defaultSettings, maxLines: 7 },
  };
  const options = {
    storagePath: "/storage",
    settings: () => settings as unknown as Settings,
    output: { error: (text: string) => events.push(text), warn: (text: string) => events.push(`warning: ${text}`) },
    outcomes: { nothing: (uri: string, why: { reason: string }) => events.push(`${uri}: ${JSON.stringify(why)}`) },
    onStatus: ({ kind }: ServerStatus) => kinds.push(kind),
    onRunning: () => events.push("running"),
    onGivenUp: () => events.push("given up"),
    newClient: (given: FakeLanguageClient["options"]) => {
      const server = new FakeLanguageClient(given);
      servers.push(server);
      prepare(server);
      return server.asClient;
    },
  } as unknown as CompletionClientOptions; // only these members are used
  const client = new CompletionClient(options);
  connected.push(client);
  return { client, servers, events, kinds, settings };
}

/** A connection whose server runs and has `/a.ts` open. */
export async function started() {
  const all = connection();
  const document = documentOf("a.ts");
  await all.client.startFor(document);
  const server = all.servers[0]!;
  return { ...all, server, document };
}

export const messagesOf = ({ received }: FakeLanguageClient, method: string): unknown[] =>
  received.filter((one) => one.method === method).map(({ params }) => params);
