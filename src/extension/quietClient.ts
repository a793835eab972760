import { LanguageClient, TransportKind, type LanguageClientOptions } from "vscode-languageclient/node";

/**
 * A client that logs failures but shows none. The library would show several notifications for a crash. The extension
 * shows one instead, which offers to restart the server.
 */
export class QuietClient extends LanguageClient {
  /** @param module the server's file, which runs in a process of its own. */
  constructor(module: string, options: LanguageClientOptions) {
    const run = { module, transport: TransportKind.ipc };
    // If a server exits while it is starting, the handler of closed connections decides whether to restart it.
    super("rwkvCode", "RWKV Code", { run, debug: run }, { ...options, initializationFailedHandler: () => false });
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}
