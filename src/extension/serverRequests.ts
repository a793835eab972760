import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import {
  alternativesMethod,
  chatMethod,
  countTokensMethod,
  generateMethod,
  modelMethod,
  statisticsMethod,
  type Alternative,
  type ChatDelta,
  type ChatParams,
  type ChatResult,
  type GenerateDelta,
  type GenerateParams,
  type ReadyModel,
  type ServerStatistics,
} from "../shared/protocol.js";
import {
  blockEndMethod,
  insertionMethod,
  type InsertionParams,
  type InsertionResult,
} from "../shared/structureRequests.js";
import { longRequest, streamed } from "./longRequests.js";
import { positionParams } from "./positionParams.js";
import type { SyncedDocuments } from "./syncedDocuments.js";

export type CodeForRange = Omit<InsertionParams, "textDocument">;

export interface GenerateOptions extends Pick<GenerateParams, "maxLines" | "indentUnit"> {
  readonly position: vscode.Position;
}

export abstract class ServerRequests {
  abstract readonly documents: SyncedDocuments;

  /** The client of the running server; undefined if none is running. */
  protected abstract get running(): LanguageClient | undefined;

  /** Sends a request that needs no model; undefined if the server is not running. */
  async request<R>(method: string, params: object): Promise<R | undefined> {
    return this.running?.sendRequest<R>(method, params);
  }

  /** The server's statistics; undefined if it is not running. */
  async statistics(): Promise<ServerStatistics | undefined> {
    return this.running?.sendRequest<ServerStatistics>(statisticsMethod);
  }

  /**
   * Generates code at a position of a document and streams it to `onDelta`. A cancellation is not an error.
   * @throws Error if no model can be loaded, or the server is not running.
   */
  async generate(
    document: vscode.TextDocument,
    { position, maxLines, indentUnit }: GenerateOptions,
    onDelta: (delta: GenerateDelta) => void,
    cancellation: vscode.CancellationToken,
  ): Promise<void> {
    const params: Omit<GenerateParams, "partialResultToken"> = {
      ...positionParams(document, position),
      maxLines,
      indentUnit,
    };
    await streamed(this.running, { method: generateMethod, params }, { onDelta, cancellation });
  }

  /**
   * Alternative completions for a position; the first one is the most likely.
   * @returns undefined if the request was cancelled. @throws the same errors as `generate`.
   */
  async alternatives(
    document: vscode.TextDocument,
    position: vscode.Position,
    cancellation: vscode.CancellationToken,
  ): Promise<readonly Alternative[] | undefined> {
    const request = { method: alternativesMethod, params: positionParams(document, position) };
    return longRequest<readonly Alternative[]>(this.running, request, cancellation);
  }

  /** Adapts code to the range that it replaces; undefined if the server has no model or not this document. */
  async insertion(document: vscode.TextDocument, code: CodeForRange): Promise<InsertionResult | undefined> {
    if (!this.documents.has(document)) return undefined;
    const params: InsertionParams = { textDocument: { uri: document.uri.toString() }, ...code };
    return (await this.running?.sendRequest<InsertionResult | null>(insertionMethod, params)) ?? undefined;
  }

  /** The missing closers of a block that is opened right before the position; undefined if none are missing. */
  async blockEnd(document: vscode.TextDocument, position: vscode.Position): Promise<string | undefined> {
    if (!this.documents.has(document)) return undefined;
    const params = positionParams(document, position);
    return (await this.running?.sendRequest<string | null>(blockEndMethod, params)) ?? undefined;
  }

  /**
   * Streams the reply to the last turn.
   * @returns undefined if the request was cancelled. @throws the same errors as `generate`.
   */
  chat(
    params: Omit<ChatParams, "partialResultToken">,
    onDelta: (delta: ChatDelta) => void,
    cancellation: vscode.CancellationToken,
  ): Promise<ChatResult | undefined> {
    return streamed<ChatResult, ChatDelta>(this.running, { method: chatMethod, params }, { onDelta, cancellation });
  }

  /** The model. Loads it if necessary. @throws Error if it cannot be loaded, or the server is not running. */
  async model(): Promise<ReadyModel> {
    if (this.running === undefined) throw new Error(vscode.l10n.t("The server is not running."));
    return this.running.sendRequest<ReadyModel>(modelMethod);
  }

  /** Number of tokens of each text; zeros if no model is loaded. */
  async countTokens(texts: readonly string[]): Promise<readonly number[]> {
    return (await this.running?.sendRequest<number[]>(countTokensMethod, { texts })) ?? texts.map(() => 0);
  }
}
