import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** How long a result is reused. Background reading asks before each step, which is too often to read the files. */
const checkMs = 30_000;

/**
 * Whether the computer runs on battery. Linux exposes this in files. Windows and macOS have only native APIs for it,
 * and VS Code has none, so the result is always false there.
 */
export class PowerSupply {
  readonly #folder: string;
  #checkedMs = -Infinity;
  #isOnBattery = false;

  constructor(folder = "/sys/class/power_supply") {
    this.#folder = folder;
  }

  get isOnBattery(): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#checkedMs > checkMs) {
      this.#checkedMs = nowMs;
      this.#isOnBattery = namesIn(this.#folder).some((name) => this.#isDischarging(name));
    }
    return this.#isOnBattery;
  }

  #isDischarging(name: string): boolean {
    const read = (property: string): string | undefined => {
      try {
        return readFileSync(path.join(this.#folder, name, property), "utf8").trim();
      } catch {
        return undefined; // the supply lacks this property, or has been unplugged
      }
    };
    // The scope of a mouse's or a phone's battery is "Device".
    return read("type") === "Battery" && read("scope") !== "Device" && read("status") === "Discharging";
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // not Linux, or no permission
  }
}
