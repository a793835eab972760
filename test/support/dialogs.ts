/** Plays the user's part in dialogs. `shown` records the texts; `answer` is the button that the user clicks, if any. */
export const dialogs = {
  shown: [] as string[],
  /** Descriptions of the entries of the last list with an input box; the editor shows them beside the labels. */
  descriptions: [] as string[],
  answer: undefined as string | undefined,
  /** What the user picks in the next lists. When these are used up, `answer` is used again. */
  answers: [] as string[],
  /** Buttons that the user clicks, one after the other, before `answer` is used. */
  presses: [] as string[],
  /** The user cancels the first progress notification that reports a matching message. */
  cancelsAt: undefined as RegExp | undefined,
  /** Each reported increment of a progress notification, in percent. */
  increments: [] as number[],
  /** Changed settings, executed commands, applied edits. */
  changed: [] as string[],
  /**
   * What the user types into the next input boxes. If the text is invalid, its problem is recorded and the box closes.
   */
  inputs: [] as string[],
  /** The files that the user chooses in the next file dialogs. */
  files: [] as unknown[],
  /** The options with which new documents were opened. */
  opened: [] as object[],
  /** The current title and placeholder of the last list. */
  title: "",
  placeholder: "",
  /** Closes the last list, as Escape does. */
  closeList: (): void => undefined,
  /** The number of lists that were shown and are not disposed yet. */
  openLists: 0,
  /** Visible tabs, the active one first: each shows a text or a diff. */
  tabs: [] as { readonly input: unknown }[],
  reset(answer?: string): void {
    this.shown = [];
    this.changed = [];
    this.opened = [];
    this.inputs = [];
    this.files = [];
    this.tabs = [];
    this.answer = answer;
    this.presses = [];
    this.cancelsAt = undefined;
    this.increments = [];
    this.answers = [];
    this.title = this.placeholder = "";
    this.openLists = 0;
  },
};

/** An input box. The user types the next of `inputs` and presses Enter. If `inputs` is empty, the box is closed. */
export class InputBox {
  value = "";
  validationMessage: string | undefined;
  readonly #change: (() => void)[] = [];
  readonly #accept: (() => void)[] = [];
  readonly #hide: (() => void)[] = [];

  onDidChangeValue = (listener: () => void): void => void this.#change.push(listener);
  onDidAccept = (listener: () => void): void => void this.#accept.push(listener);
  onDidHide = (listener: () => void): void => void this.#hide.push(listener);
  dispose = (): void => undefined;

  show(): void {
    const typed = dialogs.inputs.shift() ?? "";
    for (let length = 1; length <= typed.length; length++) {
      this.value = typed.slice(0, length);
      for (const listener of this.#change) listener();
      this.#showProblem();
    }
    if (typed !== "") for (const listener of this.#accept) listener();
    this.#showProblem();
    for (const listener of this.#hide) listener();
  }

  #showProblem(): void {
    if (this.validationMessage !== undefined) dialogs.shown.push(this.validationMessage);
  }
}

interface ListEntry {
  readonly label: string;
  readonly description?: string;
}

/**
 * A list with an input box. The user picks the entry whose label is `answer`, or, if `answer` is "Enter", the active
 * entry.
 */
export class QuickPick {
  value = "";
  #isBusy = false;
  canSelectMany = false;
  activeItems: readonly ListEntry[] = [];
  selectedItems: readonly ListEntry[] = [];
  #items: readonly ListEntry[] = [];
  #isShown = false;
  #isOver = false;
  readonly #accept: (() => void)[] = [];
  readonly #hide: (() => void)[] = [];
  readonly #active: ((items: readonly ListEntry[]) => void)[] = [];

  onDidAccept = (listener: () => void): void => void this.#accept.push(listener);
  onDidHide = (listener: () => void): void => void this.#hide.push(listener);
  onDidChangeActive = (listener: (items: readonly ListEntry[]) => void): void => void this.#active.push(listener);
  onDidChangeValue = (): void => undefined;
  onDidTriggerItemButton = (): void => undefined;
  onDidTriggerButton = (listener: () => void): void => {
    if (dialogs.presses.includes("several")) listener();
  };
  hide = (): void => undefined;
  dispose = (): void => {
    dialogs.openLists--;
  };

  set title(title: string) {
    dialogs.title = title;
  }

  set placeholder(placeholder: string) {
    dialogs.placeholder = placeholder;
  }

  get items(): readonly ListEntry[] {
    return this.#items;
  }

  set items(items: readonly ListEntry[]) {
    this.#items = items;
    dialogs.descriptions = items.map(({ description = "" }) => description);
    if (!this.#isShown) return;
    dialogs.shown.push(...items.map(({ label }) => label));
    this.#choose();
  }

  /** While the list is busy, further items may follow. */
  set busy(isBusy: boolean) {
    this.#isBusy = isBusy;
    // Delayed, because the extension may set the last items right after it clears `busy`.
    queueMicrotask(() => {
      if (this.#isShown) this.#choose();
    });
  }

  show(): void {
    dialogs.shown.push(this.value, ...this.items.map(({ label }) => label));
    dialogs.openLists++;
    dialogs.closeList = () => {
      this.#isOver = true;
      for (const listener of this.#hide) listener();
    };
    this.#isShown = true;
    this.#choose();
  }

  #choose(): void {
    if (this.#isOver) return;
    const { answer } = dialogs;
    const active = this.activeItems.find((item) => this.items.includes(item)) ?? this.items[0];
    const chosen = answer === "Enter" ? active : this.items.find(({ label }) => label === answer);
    this.activeItems = active === undefined ? [] : [active];
    if (chosen !== undefined) {
      this.activeItems = this.selectedItems = [chosen];
      for (const listener of this.#active) listener([chosen]);
    }
    if (chosen === undefined && this.#isBusy) return;
    this.#isOver = true;
    for (const listener of chosen !== undefined || answer === "Enter" ? this.#accept : this.#hide) listener();
  }
}
