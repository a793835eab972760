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

/** Decides which documents the server hears of; a document that is excluded or too large never leaves this process. */
export class SyncedDocuments {
  readonly #settings: () => Settings;
  readonly #client: () => LanguageClient | undefined;
  /** Each document that the server has open, with its length: taken along with every change, as counting is costly. */
  readonly #lengths = new Map<string, number>();
  /** Documents of languages that are off in which the user asked for text: they stay open at the server. */
  readonly #askedIn = new WeakSet<vscode.TextDocument>();

  /** @param client the one that runs. */
  constructor(settings: () => Settings, client: () => LanguageClient | undefined) {
    this.#settings = settings;
    this.#client = client;
  }

  has(document: vscode.TextDocument): boolean {
    return this.#lengths.has(document.uri.toString());
  }

  /** Why a document gets no text by itself; undefined if it gets some. */
  ineligibility(document: vscode.TextDocument): Ineligibility | undefined {
    return ineligibilityOf(this.#facts(document), this.#settings());
  }

  /** Why a command does nothing in a document; undefined if it may. */
  blocker(document: vscode.TextDocument): Blocker | undefined {
    return blockerOf(this.#facts(document), this.#settings());
  }

  /** Whether the server has a document and may complete it. */
  isCompleted(document: vscode.TextDocument): boolean {
    return this.has(document) && this.ineligibility(document) === undefined;
  }

  /** Opens a document in which the user asks for text, also if its language is off. */
  async openAsked(document: vscode.TextDocument): Promise<void> {
    if (this.blocker(document) !== undefined) return;
    this.#askedIn.add(document);
    if (!this.has(document)) await this.#open(document);
  }

  /** The server forgot all documents: it is gone. */
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
        // It may have been too large until now.
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

  /** Opens and closes at the server what new settings ask for. */
  async reconcile(): Promise<void> {
    for (const document of vscode.workspace.textDocuments) {
      const isWanted = this.#isWanted(document);
      if (isWanted && !this.has(document)) await this.#open(document);
      else if (!isWanted && this.has(document)) await this.#close(document);
    }
  }

  #isWanted(document: vscode.TextDocument): boolean {
    if (this.#askedIn.has(document)) return this.blocker(document) === undefined;
    return this.ineligibility(document) === undefined;
  }

  #facts(document: vscode.TextDocument): DocumentFacts {
    const uri = document.uri.toString();
    const { scheme } = document.uri;
    return {
      languageId: document.languageId,
      isEditable: isEditable(scheme, vscode.workspace.fs.isWritableFileSystem(scheme)),
      path: fullPathOf(document.uri),
      relativePath: vscode.workspace.asRelativePath(document.uri, false).replaceAll("\\", "/"),
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
