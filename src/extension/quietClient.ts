import { LanguageClient, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";

/**
 * Logs the failures that the library would also show, in its own words and several for one crash: the extension shows
 * one notification, with what helps.
 */
export class QuietClient extends LanguageClient {
  constructor(id: string, name: string, server: ServerOptions, options: LanguageClientOptions) {
    // A server that ends while it starts is restarted, or given up, when its connection closes.
    super(id, name, server, { ...options, initializationFailedHandler: () => false });
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}
