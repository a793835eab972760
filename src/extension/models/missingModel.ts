import { access } from "node:fs/promises";
import type { NamedModel } from "./namedModel.js";

export interface MissingModelOptions {
  /** Called once when a model turns out to be missing. */
  readonly onMissing: (model: NamedModel) => void;
  /** Called when its folder exists again. */
  readonly onBack: () => void;
  /** Milliseconds between two looks at the folder; only while it is missing. */
  readonly intervalMs?: number;
}

/** Watches the folder of a model that is missing. Its disk or its network folder may come back, or it is imported again. */
export class MissingModel {
  readonly #options: MissingModelOptions;
  #watched: NamedModel | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: MissingModelOptions) {
    this.#options = options;
  }

  /** Called with what the setting names, whenever it was read. */
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
   * Looks at the folder again and again. `fs.watch` needs parents that exist, and `fs.watchFile` never tells of a folder
   * that is back before its own first look.
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
    }, this.#options.intervalMs ?? 3000);
  }
}
