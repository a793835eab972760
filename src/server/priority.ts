import os from "node:os";

/**
 * Lowers the priority of the process while it only reads in the background. On Unix a process might not be allowed to
 * raise its priority again. The constructor tests that with the smallest step. If the test fails, the priority is never
 * changed again.
 */
export class ProcessPriority {
  readonly #canRaise: boolean;
  readonly #startLevel = os.getPriority();
  #isLow = false;

  constructor() {
    this.#canRaise = canRaise(this.#startLevel);
  }

  set(level: "background" | "normal"): void {
    const isLow = level === "background";
    if (!this.#canRaise || isLow === this.#isLow) return;
    os.setPriority(isLow ? Math.max(this.#startLevel, os.constants.priority.PRIORITY_BELOW_NORMAL) : this.#startLevel);
    this.#isLow = isLow;
  }
}

function canRaise(level: number): boolean {
  try {
    os.setPriority(level + 1);
    os.setPriority(level);
    return true;
  } catch {
    return false; // not permitted; the process stays one step below the editor
  }
}
