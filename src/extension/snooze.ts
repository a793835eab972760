import * as vscode from "vscode";

/** These two commands exist only in newer versions of VS Code. */
export const snoozeCommand = "editor.action.inlineSuggest.snooze";
const endSnoozeCommand = "editor.action.inlineSuggest.cancelSnooze";

/** The durations that are offered, in minutes. */
const durations = [5, 15, 30, 60, 120, 240];

/**
 * Whether the user has snoozed inline suggestions, and until when. VS Code does not report this to extensions, but it
 * requests no completions automatically until the snooze is over.
 */
export class Snooze implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #mayLast = false;
  #untilMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** False once it is certain that suggestions are not snoozed. */
  get mayLast(): boolean {
    return this.#mayLast;
  }

  /** End of the snooze, in milliseconds since 1970; undefined if nothing is snoozed or only VS Code knows the end. */
  get untilMs(): number | undefined {
    // Compare the time, because the timer does not run while the machine sleeps.
    return this.#untilMs !== undefined && Date.now() < this.#untilMs ? this.#untilMs : undefined;
  }

  /** Snoozes inline suggestions for a time that the user chooses. */
  async start(): Promise<void> {
    if (!takesMinutes(vscode.version)) {
      await vscode.commands.executeCommand(snoozeCommand);
      this.#set(true);
      return;
    }
    const items = durations.map((minutes) => ({ label: durationText(minutes), minutes }));
    const title = vscode.l10n.t("Snooze Inline Suggestions");
    const picked = await vscode.window.showQuickPick(items, { title });
    if (picked === undefined) return;
    await vscode.commands.executeCommand(snoozeCommand, picked.minutes);
    this.#set(true, Date.now() + picked.minutes * 60_000);
  }

  async end(): Promise<void> {
    await vscode.commands.executeCommand(endSnoozeCommand);
    this.#set(false);
  }

  /** Call when VS Code has requested a completion automatically: the snooze is over, or the user chose no duration. */
  requested(): void {
    if (this.#mayLast) this.#set(false);
  }

  #set(mayLast: boolean, untilMs?: number): void {
    this.#mayLast = mayLast;
    this.#untilMs = untilMs;
    clearTimeout(this.#timer);
    if (untilMs !== undefined) {
      this.#timer = setTimeout(() => {
        this.#set(false);
      }, untilMs - Date.now());
    }
    this.#changed.fire();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changed.dispose();
  }
}

/** Whether the snooze command takes minutes. Before VS Code 1.106, it shows a list or takes milliseconds. */
function takesMinutes(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 1 || minor >= 106;
}

function durationText(minutes: number): string {
  const { t } = vscode.l10n;
  if (minutes < 60) return t("{0} minutes", minutes);
  return minutes === 60 ? t("1 hour") : t("{0} hours", minutes / 60);
}
