import { access } from "node:fs/promises";
import type { NamedModel } from "./namedModel.js";

export interface MissingModelOptions {
  /** Called once when a model turns out to be missing. */
  readonly onMissing: (model: NamedModel) => void;
  /** Called when the model's folder exists again. */
  readonly onBack: () => void;
}

/** Interval in milliseconds at which a missing folder is checked. */
const intervalMs = 3000;

/** Watches the folder of a missing model. It may return with its disk or network share, or be imported again. */
export class MissingModel {
  readonly #options: MissingModelOptions;
  #watched: NamedModel | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: MissingModelOptions) {
    this.#options = options;
  }

  /** Call with the model that the setting names, each time the setting has been read. */
  look(model: NamedModel): void {
    if (model.isMissing && model.folder === this.#watched?.folder) return;
    this.dispose();
    if (!model.isMissing) return;
    this.#watched = model;
    this.#wait(model);
    this.#options.onMissing(model);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#watched = undefined;
  }

  /**
   * Checks the folder at intervals. `fs.watch` needs existing parent folders, and `fs.watchFile` never reports a folder
   * that returns before its first check.
   */
  #wait(model: NamedModel): void {
    this.#timer = setTimeout(() => {
      void access(model.folder).then(
        () => {
          if (this.#watched === model) this.#options.onBack();
          if (this.#watched === model) this.#wait(model);
        },
        () => {
          if (this.#watched === model) this.#wait(model);
        },
      );
    }, intervalMs);
  }
}
