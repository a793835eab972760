/** A message of the user and the reply to it. conversation.ts normalizes the texts. */
export interface ChatTurn {
  readonly message: string;
  readonly attachments: readonly ChatAttachment[];
  /** Whether the model thinks before it replies; ignored if it was not trained to think. */
  readonly think: boolean;
  /** What the model wrote after the opening of its turn; undefined if the reply is still to be generated. */
  readonly reply: string | undefined;
}

export interface ChatAttachment {
  /** For instance `parser.ts:10-24`. */
  readonly label: string;
  /** The path that the header would have if the file were open. */
  readonly headerPath: string;
  readonly languageId: string;
  readonly text: string;
  /**
   * True if the text is an entire file. Such a file, attached first in a conversation, is usually read like an open
   * document and shares its checkpoints.
   */
  readonly isWholeFile: boolean;
}
