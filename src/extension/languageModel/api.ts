import * as vscode from "vscode";

/**
 * The parts of VS Code 1.104's API for language model providers that are used here. The extension also runs in older
 * versions, whose types it is compiled with.
 */

/** @see vscode.LanguageModelChatInformation */
export interface ModelInformation {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly version: string;
  readonly tooltip?: string;
  readonly detail?: string;
  readonly maxInputTokens: number;
  readonly maxOutputTokens: number;
  readonly capabilities: { readonly imageInput: boolean; readonly toolCalling: boolean };
}

/** @see vscode.LanguageModelChatRequestMessage */
export interface RequestMessage {
  /** 1: user, 2: assistant, 3: system. */
  readonly role: number;
  /** Text parts have a string as `value`. Other parts are ignored, because the model supports no tools or images. */
  readonly content: readonly unknown[];
}

/** The parameters of `LanguageModelChatProvider.provideLanguageModelChatResponse`. */
export type ResponseRequest = readonly [
  model: ModelInformation,
  messages: readonly RequestMessage[],
  options: unknown,
  progress: vscode.Progress<unknown>,
  token: vscode.CancellationToken,
];

/** @see vscode.LanguageModelChatProvider */
export interface ChatProvider {
  readonly onDidChangeLanguageModelChatInformation: vscode.Event<void>;
  provideLanguageModelChatInformation(
    options: { readonly silent: boolean },
    token: vscode.CancellationToken,
  ): Promise<readonly ModelInformation[]>;
  provideLanguageModelChatResponse(...request: ResponseRequest): Promise<void>;
  provideTokenCount(model: ModelInformation, text: string | RequestMessage): Promise<number>;
}

interface LanguageModelApi {
  readonly lm?: {
    readonly registerLanguageModelChatProvider?: (vendor: string, provider: ChatProvider) => vscode.Disposable;
  };
  readonly LanguageModelTextPart?: new (value: string) => unknown;
}

const api = vscode as unknown as LanguageModelApi; // newer than the types; each member is checked before use

/** The vendor in `contributes.languageModelChatProviders` of package.json. */
const vendor = "rwkv-code";

/** Registers a provider; undefined if this version of VS Code has no such API. */
export function registerChatProvider(provider: ChatProvider): vscode.Disposable | undefined {
  if (api.LanguageModelTextPart === undefined) return undefined;
  return api.lm?.registerLanguageModelChatProvider?.(vendor, provider);
}

export function textPart(text: string): unknown {
  if (api.LanguageModelTextPart === undefined) throw new Error("This version of VS Code has no text parts.");
  return new api.LanguageModelTextPart(text);
}
