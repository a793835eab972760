/** Every text of the chat view except the messages. The view replaces the placeholders `{0}` and `{1}`. */
export interface ChatTexts {
  /** The language tag of these texts, for instance `en` or `pt-br`. */
  readonly language: string;

  readonly you: string;
  readonly assistant: string;
  readonly messages: string;
  readonly emptyTitle: string;
  readonly emptyText: string;
  /** {0}: the model's name. */
  readonly offerTitle: string;
  readonly offerText: string;
  readonly getModel: string;
  readonly selectModel: string;
  readonly useScratchpad: string;
  /** {0}: the name of a programming language. */
  readonly scratchpad: string;
  readonly changeLanguage: string;

  readonly conversation: string;
  readonly newConversation: string;
  readonly deleteConversation: string;
  readonly searchConversations: string;
  readonly exportConversation: string;
  /** {0}: the conversation's title. */
  readonly conversationDeleted: string;
  readonly undo: string;

  readonly message: string;
  readonly placeholder: string;
  /** {0}: the name of a programming language. */
  readonly scratchpadPlaceholder: string;
  readonly send: string;
  readonly stop: string;
  readonly attach: string;
  readonly attachSelection: string;
  readonly attachments: string;
  /** {0}: the attachment's label. */
  readonly detach: string;
  /** Used instead of `tokens` if the number is 1. */
  readonly token: string;
  /** {0}: the number of tokens. */
  readonly tokens: string;
  /** {0}: the total size of all attachments, formatted with `token` or `tokens`: "12,000 tokens". */
  readonly manyTokens: string;
  readonly counting: string;
  readonly think: string;

  readonly writing: string;
  readonly thinking: string;
  readonly thoughts: string;
  readonly stopped: string;
  readonly limit: string;
  readonly repeats: string;
  readonly noReply: string;
  readonly failed: string;

  readonly regenerate: string;
  readonly copyMessage: string;
  readonly edit: string;
  readonly save: string;
  readonly cancel: string;
  readonly delete: string;
  readonly previousBranch: string;
  readonly nextBranch: string;
  /** {0}: the branch's number; {1}: the number of branches. */
  readonly branch: string;

  readonly code: string;
  readonly copy: string;
  readonly copied: string;
  readonly insertAtCursor: string;
  readonly apply: string;
  readonly newFile: string;
  readonly table: string;
  /** {0}: the number of rows. */
  readonly moreRows: string;

  readonly loading: string;
  /** {0}: the number of tokens per second. */
  readonly tokensPerSecond: string;
  /**
   * {0}: the number of tokens that the model read; {1}: the number of tokens that it skipped, because a checkpoint
   * covered them.
   */
  readonly tokensRead: string;
}
