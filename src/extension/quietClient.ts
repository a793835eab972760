import { LanguageClient, TransportKind, type LanguageClientOptions } from "vscode-languageclient/node";

export interface ServerProcess {
  readonly module: string;
  /** Environment variables of the server, in addition to those of this process. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * A client that logs failures but shows none. The library would show several notifications for a crash. The extension
 * shows one instead, which offers to restart the server.
 */
export class QuietClient extends LanguageClient {
  /** @param server the module that runs in the server process. */
  constructor(server: ServerProcess, options: LanguageClientOptions) {
    const run = { module: server.module, transport: TransportKind.ipc, options: { env: server.environment } };
    // If the server exits while it is starting, `errorHandler.closed` decides whether to restart it.
    super("rwkvCode", "RWKV Code", { run, debug: run }, { ...options, initializationFailedHandler: () => false });
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}
