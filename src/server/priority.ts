import os from "node:os";

/**
 * Lowers the priority of the process while no request is waiting. On Unix a process may lower its priority but not
 * always raise it again. This is tried once, with the smallest step; if it fails, the priority stays as it is.
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
    return false; // not permitted; the process stays one step below the editor
  }
}
