/**
 * Every message between the extension host and the chat view. Plain data only. The host owns the conversations; the
 * view shows the last state it received and reports what the user did.
 */

/** Messages to the view. */
export type ToView =
  /** The whole state: sent when the view is ready and after every change except streamed text. */
  | { readonly kind: "state"; readonly state: ChatState }
  /** Text to append to the reply that is being written. */
  | { readonly kind: "delta"; readonly messageId: string; readonly thinking: string; readonly text: string }
  /** Inserts the text before the draft in the input box, and focuses the box. */
  | { readonly kind: "compose"; readonly text: string }
  /** The draft of the last session. The view shows it if the input box is empty. */
  | { readonly kind: "draft"; readonly text: string }
  /** Focuses the input box. If `isAttached`, also removes the `@` by which the user opened the list of attachments. */
  | { readonly kind: "focus"; readonly isAttached: boolean };

/** What the user did in the view. */
export type FromView =
  | { readonly kind: "ready" }
  | { readonly kind: "send"; readonly text: string }
  | { readonly kind: "stop" }
  /** Asks for another reply, in a new branch. `messageId` is the old reply, or the user's message to reply to. */
  | { readonly kind: "regenerate"; readonly messageId: string }
  /** Replaces a message. The old version and the messages after it remain as a branch. */
  | { readonly kind: "edit"; readonly messageId: string; readonly text: string }
  /** Shows the previous (-1) or next (1) of the branches that begin at this message. */
  | { readonly kind: "showBranch"; readonly messageId: string; readonly by: -1 | 1 }
  /** Deletes a message and all that follow it. */
  | { readonly kind: "delete"; readonly messageId: string }
  | { readonly kind: "newConversation" }
  | { readonly kind: "openConversation"; readonly id: string }
  | { readonly kind: "deleteConversation"; readonly id: string }
  /** Restores the conversation that was deleted last. */
  | { readonly kind: "undoDelete" }
  /** The text of the input box changed. */
  | { readonly kind: "draft"; readonly text: string }
  /** Opens the list of things that can be attached. */
  | { readonly kind: "attach" }
  /** Files that were dropped on the view. */
  | { readonly kind: "attachUris"; readonly uris: readonly string[] }
  | { readonly kind: "attachFile" }
  | { readonly kind: "attachSelection" }
  | { readonly kind: "detach"; readonly attachmentId: string }
  | { readonly kind: "think"; readonly isOn: boolean }
  | { readonly kind: "copy"; readonly code: string }
  | { readonly kind: "insert"; readonly code: string }
  | { readonly kind: "newFile"; readonly code: string; readonly language: string }
  | { readonly kind: "openLink"; readonly url: string }
  /** A relative link: a path within the workspace, not checked yet. */
  | { readonly kind: "openFile"; readonly path: string }
  /** Previews how code from a reply would change the document in the editor. */
  | { readonly kind: "apply"; readonly code: string }
  | { readonly kind: "searchConversations" }
  | { readonly kind: "exportConversation" }
  | { readonly kind: "getModel" }
  | { readonly kind: "selectModel" }
  /** Turns the chat into a scratchpad, in which a model that was not trained to chat continues code. */
  | { readonly kind: "scratchpad" }
  /** Opens the list of languages for the scratchpad. */
  | { readonly kind: "scratchpadLanguage" };

export interface ChatState {
  readonly conversation: { readonly id: string; readonly title: string };
  /** Display name of the language that the model writes in the scratchpad. */
  readonly scratchpadLanguage: string;
  /** The messages of the shown branch, in order. */
  readonly messages: readonly ChatMessage[];
  /** All conversations, including the open one. The last changed one is first. */
  readonly conversations: readonly ConversationEntry[];
  /**
   * Title of the conversation that was last deleted or emptied; undefined if there is nothing to undo. Sending a
   * message ends the chance to undo.
   */
  readonly deleted: string | undefined;
  /** Attachments of the next message. */
  readonly attachments: readonly Attachment[];
  readonly model: ModelInfo;
  /** Id of the reply that is being written. */
  readonly writing: string | undefined;
  /** Speed and token counts of the last reply in this conversation. */
  readonly cost: ReplyCost | undefined;
}

export interface ChatMessage {
  readonly id: string;
  readonly role: "user" | "assistant";
  /** Markdown for the assistant, plain text for the user. */
  readonly text: string;
  /** What the model thought before it replied; empty if it did not think. */
  readonly thinking: string;
  readonly attachments: readonly Attachment[];
  /** The message's position among its alternatives; `number` counts from 1. */
  readonly branch: { readonly number: number; readonly count: number };
  /** How a reply ended; "whole" if the model ended it. */
  readonly ending: "whole" | "stopped" | "limit" | "repeats" | "noReply" | "failed";
  /** If `ending` is "failed": the error message to show below the reply. */
  readonly problem: string | undefined;
}

export interface ConversationEntry {
  readonly id: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

export interface Attachment {
  readonly id: string;
  readonly kind: "file" | "selection" | "symbol" | "problems";
  /** For instance `parser.ts` or `parser.ts:10-24`. */
  readonly label: string;
  /** How many tokens the attachment adds to the conversation; undefined until they are counted. */
  readonly tokens: number | undefined;
}

export interface ModelInfo {
  readonly name: string;
  /** "none": a model that was not trained to chat and only continues text. */
  readonly chat: "none" | "world" | "g1";
  /** True if the user has chosen the scratchpad. It is used only if `chat` is "none". */
  readonly isScratchpad: boolean;
  /** The error to show if the model could not be loaded. */
  readonly problem: string | undefined;
  /** Whether the model thinks before it replies; "unavailable" if it was not trained to. */
  readonly think: "on" | "off" | "unavailable";
  /** True while the model is being loaded. */
  readonly isLoading: boolean;
}

export interface ReplyCost {
  readonly tokensPerSecond: number;
  readonly tokensRead: number;
  readonly tokensFromCheckpoint: number;
}
