import * as vscode from "vscode";
import {
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  type LanguageClient,
  type Middleware,
} from "vscode-languageclient/node";
import {
  blockerOf,
  ineligibilityOf,
  type DocumentFacts,
  type Blocker,
  type Ineligibility,
} from "../shared/eligibility.js";
import { fullPathOf } from "../shared/exclusion.js";
import { isEditable } from "./eligibility.js";
import type { Settings } from "./settings.js";
import { workspacePath } from "./workspacePath.js";

/**
 * Decides which documents are sent to the server. An excluded document never leaves this process. A document that is
 * too large is not opened in the server, but stays open if it grows later.
 */
export class SyncedDocuments {
  readonly #settings: () => Settings;
  readonly #client: () => LanguageClient | undefined;
  /**
   * The documents that the server has open, by URI, and their lengths. Each change updates the length, because counting
   * all characters would be slow.
   */
  readonly #lengths = new Map<string, number>();
  /**
   * Documents in which the user asked for text. The server keeps them open even if their language is disabled, unless
   * they are blocked.
   */
  readonly #invokedIn = new WeakSet<vscode.TextDocument>();

  /** @param client returns the running client. */
  constructor(settings: () => Settings, client: () => LanguageClient | undefined) {
    this.#settings = settings;
    this.#client = client;
  }

  has(document: vscode.TextDocument): boolean {
    return this.#lengths.has(document.uri.toString());
  }

  /** Why a document gets no automatic completions; undefined if it gets them. */
  ineligibility(document: vscode.TextDocument): Ineligibility | undefined {
    return ineligibilityOf(this.#facts(document), this.#settings());
  }

  /** Why commands are blocked in a document; undefined if they are not. */
  blocker(document: vscode.TextDocument): Blocker | undefined {
    return blockerOf(this.#facts(document), this.#settings());
  }

  /** Whether the server has the document open and may complete it. */
  isCompleted(document: vscode.TextDocument): boolean {
    return this.has(document) && this.ineligibility(document) === undefined;
  }

  /** Opens a document in which the user asks for text, unless it is blocked, even if its language is disabled. */
  async openForCommand(document: vscode.TextDocument): Promise<void> {
    if (this.blocker(document) !== undefined) return;
    this.#invokedIn.add(document);
    if (!this.has(document)) await this.#open(document);
  }

  /** Call this when the server is gone: it no longer has any documents open. */
  clear(): void {
    this.#lengths.clear();
  }

  readonly middleware: Pick<Middleware, "didOpen" | "didChange" | "didClose"> = {
    didOpen: async (document, next) => {
      if (this.has(document) || !this.#isWanted(document)) return;
      this.#lengths.set(document.uri.toString(), document.getText().length);
      await next(document);
    },
    didChange: async (event, next) => {
      const uri = event.document.uri.toString();
      const length = this.#lengths.get(uri);
      if (length === undefined) {
        // The document may have been too large until now.
        if (this.#isWanted(event.document)) await this.#open(event.document);
        return;
      }
      const grown = event.contentChanges.reduce((sum, { text, rangeLength }) => sum + text.length - rangeLength, 0);
      this.#lengths.set(uri, length + grown);
      await next(event);
    },
    didClose: async (document, next) => {
      if (this.#lengths.delete(document.uri.toString())) await next(document);
    },
  };

  /** Opens and closes documents in the server according to new settings. */
  async reconcile(): Promise<void> {
    for (const document of vscode.workspace.textDocuments) {
      const isWanted = this.#isWanted(document);
      if (isWanted && !this.has(document)) await this.#open(document);
      else if (!isWanted && this.has(document)) await this.#close(document);
    }
  }

  #isWanted(document: vscode.TextDocument): boolean {
    if (this.#invokedIn.has(document)) return this.blocker(document) === undefined;
    return this.ineligibility(document) === undefined;
  }

  #facts(document: vscode.TextDocument): DocumentFacts {
    const uri = document.uri.toString();
    const { scheme } = document.uri;
    return {
      languageId: document.languageId,
      isEditable: isEditable(scheme, vscode.workspace.fs.isWritableFileSystem(scheme)),
      path: fullPathOf(document.uri),
      relativePath: workspacePath(document.uri, false).replaceAll("\\", "/"),
      lines: document.lineCount,
      length: () => this.#lengths.get(uri) ?? document.getText().length,
    };
  }

  async #open(document: vscode.TextDocument): Promise<void> {
    const client = this.#client();
    if (client === undefined) return;
    this.#lengths.set(document.uri.toString(), document.getText().length);
    const params = client.code2ProtocolConverter.asOpenTextDocumentParams(document);
    await client.sendNotification(DidOpenTextDocumentNotification.type, params);
  }

  async #close(document: vscode.TextDocument): Promise<void> {
    const client = this.#client();
    if (client === undefined) return;
    this.#lengths.delete(document.uri.toString());
    const params = client.code2ProtocolConverter.asCloseTextDocumentParams(document);
    await client.sendNotification(DidCloseTextDocumentNotification.type, params);
  }
}
