import type { ChatTexts } from "../shared/chatTexts.js";

/** The chat view's texts. @param t vscode.l10n.t. @param language vscode.env.language. */
export function chatTexts(t: (text: string) => string, language: string): ChatTexts {
  return {
    language,

    you: t("You"),
    assistant: t("RWKV"),
    messages: t("Messages"),
    emptyTitle: t("Ask about your code"),
    emptyText: t(
      "Ask how something works, have a function written, or attach a file or a selection and talk about it. Everything stays on this machine.",
    ),
    notTrained: t(
      "The loaded model was not trained to talk: it continues what you write, as if it were code. To have a conversation, import a model that was.",
    ),
    importModel: t("Import a Model"),

    conversation: t("Conversation"),
    newConversation: t("New Conversation"),
    deleteConversation: t("Delete Conversation"),
    conversationDeleted: t("“{0}” was deleted."),
    undo: t("Undo"),

    message: t("Message"),
    placeholder: t("Ask, or attach with @file and @selection"),
    send: t("Send (Enter)"),
    stop: t("Stop (Escape)"),
    attachFile: t("Attach File"),
    attachSelection: t("Attach Selection"),
    attachments: t("Attachments"),
    detach: t("Remove {0}"),
    tokens: t("{0} tokens"),
    counting: t("counting tokens"),
    think: t("Think"),

    writing: t("Writing"),
    thinking: t("Thinking"),
    thoughts: t("Thoughts"),
    stopped: t("Stopped."),
    limit: t("Stopped at the length limit."),
    repeats: t("Stopped because it kept repeating itself."),
    noReply: t("The model stopped before it wrote a reply. Regenerate it, or turn off Think."),
    failed: t("The reply could not be finished."),

    regenerate: t("Regenerate"),
    copyMessage: t("Copy Message"),
    edit: t("Edit"),
    save: t("Save"),
    cancel: t("Cancel"),
    delete: t("Delete"),
    previousBranch: t("Previous Version"),
    nextBranch: t("Next Version"),
    branch: t("{0}/{1}"),

    code: t("Code"),
    copy: t("Copy"),
    copied: t("Copied"),
    insertAtCursor: t("Insert at Cursor"),
    newFile: t("New File"),
    table: t("Table"),
    moreRows: t("Show {0} more rows"),

    loading: t("Loading the model"),
    tokensPerSecond: t("{0} tokens/s"),
    tokensRead: t("{0} tokens read, {1} from checkpoints"),
  };
}
