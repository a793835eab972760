import * as vscode from "vscode";
import {
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  type LanguageClient,
  type Middleware,
} from "vscode-languageclient/node";
import { ineligibilityOf, type Ineligibility } from "./eligibility.js";
import { fullPathOf } from "./exclusion.js";
import type { Settings } from "./settings.js";

/** Decides which documents the server hears of; a document that is excluded or too large never leaves this process. */
export class SyncedDocuments {
  readonly #settings: () => Settings;
  /** Each document that the server has open, with its length: taken along with every change, as counting is costly. */
  readonly #lengths = new Map<string, number>();

  constructor(settings: () => Settings) {
    this.#settings = settings;
  }

  has(document: vscode.TextDocument): boolean {
    return this.#lengths.has(document.uri.toString());
  }

  /** Why a document is not completed; undefined where it is. */
  ineligibility(document: vscode.TextDocument): Ineligibility | undefined {
    const uri = document.uri.toString();
    return ineligibilityOf(
      {
        languageId: document.languageId,
        isEditable: isEditable(document.uri.scheme),
        path: fullPathOf(document.uri),
        relativePath: vscode.workspace.asRelativePath(document.uri, false).replaceAll("\\", "/"),
        lines: document.lineCount,
        length: this.#lengths.get(uri) ?? document.getText().length,
      },
      this.#settings(),
    );
  }

  /** Whether the server has a document and may complete it. */
  isCompleted(document: vscode.TextDocument): boolean {
    return this.has(document) && this.ineligibility(document) === undefined;
  }

  /** The server forgot all documents: it is gone. */
  clear(): void {
    this.#lengths.clear();
  }

  readonly middleware: Pick<Middleware, "didOpen" | "didChange" | "didClose"> = {
    didOpen: async (document, next) => {
      if (this.has(document) || this.ineligibility(document) !== undefined) return;
      this.#lengths.set(document.uri.toString(), document.getText().length);
      await next(document);
    },
    didChange: async (event, next) => {
      const uri = event.document.uri.toString();
      const length = this.#lengths.get(uri);
      if (length === undefined) return;
      const grown = event.contentChanges.reduce((sum, { text, rangeLength }) => sum + text.length - rangeLength, 0);
      this.#lengths.set(uri, length + grown);
      await next(event);
    },
    didClose: async (document, next) => {
      if (this.#lengths.delete(document.uri.toString())) await next(document);
    },
  };

  /** Opens and closes at the server what new settings ask for. */
  async reconcile(client: LanguageClient): Promise<void> {
    const { code2ProtocolConverter } = client;
    for (const document of vscode.workspace.textDocuments) {
      const uri = document.uri.toString();
      const isWanted = this.ineligibility(document) === undefined;
      if (isWanted && !this.has(document)) {
        this.#lengths.set(uri, document.getText().length);
        const params = code2ProtocolConverter.asOpenTextDocumentParams(document);
        await client.sendNotification(DidOpenTextDocumentNotification.type, params);
      } else if (!isWanted && this.#lengths.delete(uri)) {
        const params = code2ProtocolConverter.asCloseTextDocumentParams(document);
        await client.sendNotification(DidCloseTextDocumentNotification.type, params);
      }
    }
  }
}

function isEditable(scheme: string): boolean {
  if (scheme === "untitled" || scheme === "vscode-notebook-cell") return true;
  return vscode.workspace.fs.isWritableFileSystem(scheme) === true;
}
