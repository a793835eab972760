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
    offerTitle: t("Chat needs a model that talks"),
    offerText: t(
      "The loaded model, {0}, completes code. To ask questions and have code explained or rewritten, get a model that was trained for that. It runs on this machine, too.",
    ),
    getModel: t("Get a Model…"),
    selectModel: t("Select Model…"),
    useScratchpad: t("Use as Scratchpad"),
    scratchpad: t("Scratchpad: the model was not trained to talk. It continues what you write as {0} code."),
    changeLanguage: t("Change Language…"),

    conversation: t("Conversation"),
    newConversation: t("New Conversation"),
    deleteConversation: t("Delete Conversation"),
    searchConversations: t("Search Conversations"),
    exportConversation: t("Export as Markdown"),
    conversationDeleted: t("“{0}” was deleted."),
    undo: t("Undo"),

    message: t("Message"),
    placeholder: t("Ask; type @ to attach"),
    scratchpadPlaceholder: t("{0} code to continue"),
    send: t("Send (Enter)"),
    stop: t("Stop (Escape)"),
    attach: t("Attach…"),
    attachSelection: t("Attach Selection"),
    attachments: t("Attachments"),
    detach: t("Remove {0}"),
    token: t("1 token"),
    tokens: t("{0} tokens"),
    manyTokens: t(
      "{0} in all: most models were trained on texts of up to 8,192 tokens and may miss details of longer ones.",
    ),
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
    apply: t("Apply in Editor"),
    newFile: t("New File"),
    table: t("Table"),
    moreRows: t("Show {0} more rows"),

    loading: t("Loading the model"),
    tokensPerSecond: t("wrote {0} tokens/s"),
    tokensRead: t("read {0}, {1} from checkpoints"),
  };
}
