import * as vscode from "vscode";
import type { CompletionClient } from "../completionClient.js";
import type { RewriteDiff } from "../instructions/rewriteDiff.js";
import type { Settings } from "../settings.js";
import { ChatController } from "./chatController.js";
import { ChatView } from "./chatView.js";
import { ConversationStore } from "./conversationStore.js";
import { storedDraft } from "./storedText.js";

export interface ChatParts {
  readonly extension: vscode.ExtensionContext;
  readonly client: CompletionClient;
  readonly settings: () => Settings;
  readonly rewriteDiff: RewriteDiff;
  readonly onError: (error: unknown) => void;
}

/** Creates the chat and its view, and connects them. */
export function openChat({ extension, client, settings, rewriteDiff, onError }: ChatParts): {
  readonly chat: ChatController;
  readonly chatView: ChatView;
} {
  const folder = vscode.Uri.joinPath(extension.storageUri ?? extension.globalStorageUri, "chat");
  const chat = new ChatController({
    client,
    settings,
    store: new ConversationStore(folder, onError),
    ...storedDraft(folder, onError),
    memento: extension.globalState,
    offerChange: (document, replaced, code) => rewriteDiff.offer(document, replaced, code),
    postMessage: (message) => {
      chatView.postMessage(message);
    },
  });
  const chatView = new ChatView(vscode.Uri.joinPath(extension.extensionUri, "dist"), (message) => {
    void chat.received(message).catch(onError);
  });
  return { chat, chatView };
}
