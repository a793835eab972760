/** One message of the user's and the answer to it. Text is the editor's, not normalised. */
export interface ChatTurn {
  readonly message: string;
  readonly attachments: readonly ChatAttachment[];
  /** Where the model can: whether it thinks before it answers. */
  readonly think: boolean;
  /** What the model wrote behind the opening of its turn; undefined where that is still to come. */
  readonly reply: string | undefined;
}

/** Text that goes with a message. */
export interface ChatAttachment {
  /** For instance `parser.ts:10-24`. */
  readonly label: string;
  /** Of the file: what its header would name. */
  readonly headerPath: string;
  readonly languageId: string;
  readonly text: string;
  /** All of a file: as the first of a conversation it is read as the editor's document is, and shares its checkpoints. */
  readonly isWholeFile: boolean;
}
