import { LanguageClient, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";

/**
 * A client that logs failures but shows none. The library would show several notifications for a crash. The extension
 * shows one instead, which offers to restart the server.
 */
export class QuietClient extends LanguageClient {
  constructor(id: string, name: string, server: ServerOptions, options: LanguageClientOptions) {
    // If a server exits while it is starting, the handler of closed connections decides whether to restart it.
    super(id, name, server, { ...options, initializationFailedHandler: () => false });
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}
