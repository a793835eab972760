import os from "node:os";

/**
 * Lets other programs go first while nobody waits for an answer. Unix lets a program lower its own priority and not
 * always raise it again: that is tried once, with the smallest step, and where it fails the priority stays as it is.
 */
export class ProcessPriority {
  readonly #canRaise: boolean;
  #isLow = false;

  constructor() {
    this.#canRaise = canRaise();
  }

  set(level: "background" | "normal"): void {
    const isLow = level === "background";
    if (!this.#canRaise || isLow === this.#isLow) return;
    os.setPriority(isLow ? os.constants.priority.PRIORITY_BELOW_NORMAL : os.constants.priority.PRIORITY_NORMAL);
    this.#isLow = isLow;
  }
}

function canRaise(): boolean {
  try {
    const now = os.getPriority();
    os.setPriority(now + 1);
    os.setPriority(now);
    return true;
  } catch {
    return false; // the system forbids it; the child then stays one step below the editor
  }
}
