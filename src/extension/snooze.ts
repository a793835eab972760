/** Commands of newer versions of VS Code. */
export const snoozeCommand = "editor.action.inlineSuggest.snooze";
export const endSnoozeCommand = "editor.action.inlineSuggest.cancelSnooze";

/**
 * Whether the user has snoozed inline suggestions. VS Code does not tell extensions, but until a snooze is over it
 * requests no completions automatically.
 */
export class Snooze {
  #mayLast = false;

  /** False once it is certain that suggestions are not snoozed. */
  get mayLast(): boolean {
    return this.#mayLast;
  }

  /** Call when the user has run a command. */
  ran(command: string): void {
    if (command === snoozeCommand) this.#mayLast = true;
    if (command === endSnoozeCommand) this.#mayLast = false;
  }

  /** Call when VS Code has requested a completion automatically: the snooze is over, or the user chose no duration. */
  requested(): void {
    this.#mayLast = false;
  }
}
