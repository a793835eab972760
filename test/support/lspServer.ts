import { fork, spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  CancellationToken,
  createProtocolConnection,
  InlineCompletionRequest,
  InlineCompletionTriggerKind,
  IPCMessageReader,
  IPCMessageWriter,
  ProgressType,
  StreamMessageReader,
  StreamMessageWriter,
  type InlineCompletionItem,
  type ProtocolConnection,
  type TextDocumentContentChangeEvent,
} from "vscode-languageserver/node";
import {
  chatMethod,
  generateMethod,
  statisticsMethod,
  statusMethod,
  type ChatParams,
  type ChatDelta,
  type ChatResult,
  type GenerateParams,
  type GenerateDelta,
  type GenerateResult,
  type ServerSettings,
  type ServerStatistics,
  type ServerStatus,
} from "../../src/shared/protocol.js";
import { asConfiguration } from "../../src/shared/configuration.js";
import { root } from "./paths.js";

export interface ServerStart {
  readonly settings?: Partial<ServerSettings>;
  readonly transport?: "ipc" | "stdio";
  /** Path of the workspace folder; by default the repository's root. */
  readonly folder?: string;
  /** The program to start instead of the built server. It must serve over standard input and output. */
  readonly program?: ServerProgram;
}

export interface ServerProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** The built server in a child process. The test acts as the editor. */
export class LspServer {
  readonly child: ChildProcess;
  readonly connection: ProtocolConnection;
  /** Log messages and standard error output of the server. */
  readonly log: string[] = [];
  readonly statuses: ServerStatus[] = [];
  readonly #waiting = new Set<() => void>();
  #chats = 0;

  private constructor(child: ChildProcess, transport: "ipc" | "stdio") {
    this.child = child;
    child.stderr?.on("data", (data: Buffer) => this.log.push(data.toString()));
    const [reader, writer] =
      transport === "ipc"
        ? [new IPCMessageReader(child), new IPCMessageWriter(child)]
        : [new StreamMessageReader(child.stdout!), new StreamMessageWriter(child.stdin!)];
    this.connection = createProtocolConnection(reader, writer);
    this.connection.onNotification("window/logMessage", ({ message }: { message: string }) => {
      this.log.push(message);
    });
    this.connection.onNotification(statusMethod, (status: ServerStatus) => {
      this.statuses.push(status);
      for (const look of this.#waiting) look();
    });
    this.connection.listen();
  }

  static async start({
    settings = {},
    transport = "ipc",
    folder = root,
    program,
  }: ServerStart = {}): Promise<LspServer> {
    const module = path.join(root, "dist/server.js");
    const { file, args, env } = program ?? { file: process.execPath, args: [module, "--stdio"], env: process.env };
    const child =
      transport === "ipc"
        ? fork(module, ["--node-ipc"], { stdio: ["ignore", "ignore", "pipe", "ipc"] })
        : spawn(file, args, { stdio: "pipe", env });
    const server = new LspServer(child, transport);
    await server.connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: null,
      capabilities: { textDocument: { inlineCompletion: {} } },
      workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "folder" }],
      initializationOptions: {
        ...asConfiguration({ threads: 1, timeBudgetMs: 10_000, workspaceContext: false, ...settings }),
        statusNotifications: true,
      },
    });
    await server.connection.sendNotification("initialized", {});
    return server;
  }

  /** Resolves when the status last reported by the server is of this kind, immediately if it already is. */
  status(kind: ServerStatus["kind"]): Promise<ServerStatus> {
    return new Promise((resolve) => {
      const look = (): void => {
        const last = this.statuses.at(-1);
        if (last?.kind !== kind) return;
        this.#waiting.delete(look);
        resolve(last);
      };
      this.#waiting.add(look);
      look();
    });
  }

  async open(uri: string, text: string, languageId = "typescript"): Promise<void> {
    await this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId, version: 1, text },
    });
  }

  async change(uri: string, version: number, ...contentChanges: TextDocumentContentChangeEvent[]): Promise<void> {
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges,
    });
  }

  async complete(
    uri: string,
    line: number,
    character: number,
    cancellation?: CancellationToken,
  ): Promise<InlineCompletionItem[]> {
    const context = { triggerKind: InlineCompletionTriggerKind.Invoked };
    const params = { textDocument: { uri }, position: { line, character }, context };
    const answer = await this.connection.sendRequest(InlineCompletionRequest.type, params, cancellation);
    return Array.isArray(answer) ? answer : (answer?.items ?? []);
  }

  /** Requests completions at a position, either invoked or automatic; `complete` always invokes. */
  async completeAt(
    uri: string,
    position: GenerateParams["position"],
    trigger: "invoked" | "automatic",
  ): Promise<InlineCompletionItem[]> {
    const kinds = InlineCompletionTriggerKind;
    const context = { triggerKind: trigger === "invoked" ? kinds.Invoked : kinds.Automatic };
    const params = { textDocument: { uri }, position, context };
    const answer = await this.connection.sendRequest(InlineCompletionRequest.type, params);
    return Array.isArray(answer) ? answer : (answer?.items ?? []);
  }

  async close(uri: string): Promise<void> {
    await this.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  }

  /** Generates at most twelve lines at a position. @param onDelta is called with each part of the text. */
  async generate(
    uri: string,
    position: GenerateParams["position"],
    onDelta: (piece: GenerateDelta) => void,
    cancellation = CancellationToken.None,
  ): Promise<GenerateResult> {
    const partialResultToken = `generate-${uri}`;
    const listener = this.connection.onProgress(new ProgressType<GenerateDelta>(), partialResultToken, onDelta);
    const params: GenerateParams = {
      textDocument: { uri },
      position,
      maxLines: 12,
      indentUnit: "  ",
      partialResultToken,
    };
    try {
      return await this.connection.sendRequest<GenerateResult>(generateMethod, params, cancellation);
    } finally {
      listener.dispose();
    }
  }

  /** Requests the reply to the last of several turns. @param onDelta is called with each delta. */
  async chat(
    turns: ChatParams["turns"],
    onDelta: (piece: ChatDelta) => void = () => undefined,
    cancellation = CancellationToken.None,
  ): Promise<ChatResult> {
    const partialResultToken = `chat-${++this.#chats}`;
    const listener = this.connection.onProgress(new ProgressType<ChatDelta>(), partialResultToken, onDelta);
    const params: ChatParams = { turns, system: "", scratchLanguageId: "typescript", seed: 1, partialResultToken };
    try {
      return await this.connection.sendRequest<ChatResult>(chatMethod, params, cancellation);
    } finally {
      listener.dispose();
    }
  }

  async configure(settings: Partial<ServerSettings>): Promise<void> {
    await this.connection.sendNotification("workspace/didChangeConfiguration", {
      settings: {
        rwkvCode: asConfiguration({ threads: 1, timeBudgetMs: 10_000, workspaceContext: false, ...settings }),
      },
    });
  }

  statistics(): Promise<ServerStatistics> {
    return this.connection.sendRequest<ServerStatistics>(statisticsMethod);
  }

  /** Shuts the server down as the protocol requires. @returns its exit code. */
  async stop(): Promise<number | null> {
    const exited = new Promise<number | null>((resolve) => {
      this.child.once("exit", resolve);
    });
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    const code = await exited;
    this.connection.dispose();
    return code;
  }
}
