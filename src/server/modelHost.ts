import { AnswerMemory } from "../core/chat/answerMemory.js";
import { CheckpointStore } from "../core/checkpoints/store.js";
import type { Model } from "../core/model.js";
import type { ServerSettings, ServerStatus } from "../protocol.js";
import { LoadedModel, type LoadedModelOptions } from "./loadedModel.js";

/** Loads the weights that the settings name; handed in, so that this folder needs no engine. */
export type ModelLoader = (settings: ServerSettings, onProgress: (fraction: number) => void) => Promise<Model>;

export interface ModelHostOptions extends LoadedModelOptions {
  readonly load: ModelLoader;
  readonly onStatus: (status: ServerStatus) => void;
  /** A model was loaded: its documents are opened here. */
  readonly onLoaded: (loaded: LoadedModel) => void;
  /** The model is about to go: what asks it must end. */
  readonly onUnloading: () => void;
}

/** A longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * At most one model in memory: loaded when first needed, unloaded when idle, replaced when the settings change. Checkpoints
 * of a replaced model stay, within the one ceiling, and so do the tokens of its answers: their keys hold its id, so whoever
 * switches back finds them.
 */
export class ModelHost {
  readonly #options: ModelHostOptions;
  #loaded: LoadedModel | undefined;
  #loading: Promise<void> | undefined;
  #store: CheckpointStore | undefined;
  #answers = new AnswerMemory();
  #idle: NodeJS.Timeout | undefined;
  #failed = false;
  #isDisposed = false;

  constructor(options: ModelHostOptions) {
    this.#options = options;
  }

  get loaded(): LoadedModel | undefined {
    return this.#loaded;
  }

  /** Something needs the model: loads it if it is not there, and starts the idle clock anew. */
  touch(): void {
    this.#restartIdleClock();
    if (this.#loaded !== undefined || this.#failed) return;
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
  }

  /** The model, loaded first where it is not there; undefined where that failed. */
  async whenLoaded(): Promise<LoadedModel | undefined> {
    this.touch();
    await this.#loading;
    return this.#loaded;
  }

  /** Takes over settings that only a fresh model has. */
  async reload(): Promise<void> {
    await this.#loading;
    await this.#unload();
    this.#failed = false; // only now: the load under way may have failed too
    this.touch();
  }

  /** A model that is still being loaded goes as soon as it is there: nobody waits for it. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    clearTimeout(this.#idle);
    await this.#unload();
  }

  async #load(): Promise<void> {
    const { load, onStatus, onLoaded, onError } = this.#options;
    const settings = this.#options.settings();
    onStatus({ kind: "loading", fraction: 0 });
    try {
      const model = await load(settings, (fraction) => {
        onStatus({ kind: "loading", fraction });
      });
      if (this.#isDisposed) {
        await model.dispose();
        return;
      }
      const store = this.#storeOf(settings);
      const surroundings = { modelPath: settings.modelPath, store, answers: this.#answers };
      this.#loaded = new LoadedModel(model, surroundings, this.#options);
      onStatus(this.#loaded.status); // first: that a document is being read is said from the next line on
      onLoaded(this.#loaded);
      this.#restartIdleClock(); // what ran out while it was loading does not count
    } catch (error) {
      // Not tried again at every key: a change of the settings or a restart does.
      this.#failed = true;
      onError(error);
      onStatus({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
    }
  }

  #storeOf({ checkpointMemoryMB }: ServerSettings): CheckpointStore {
    const maxBytes = checkpointMemoryMB * 2 ** 20;
    if (this.#store?.maxBytes !== maxBytes) this.#store = new CheckpointStore(maxBytes);
    return this.#store;
  }

  /** Nobody uses it: its memory goes back, that of the checkpoints too. */
  async #unloadIdle(): Promise<void> {
    this.#store = undefined;
    this.#answers = new AnswerMemory(); // without the states behind them they are of no use
    await this.#unload();
  }

  async #unload(): Promise<void> {
    const loaded = this.#loaded;
    this.#loaded = undefined;
    if (loaded === undefined) return;
    this.#options.onUnloading();
    this.#options.onStatus({ kind: "noModel" });
    await loaded.dispose();
  }

  #restartIdleClock(): void {
    clearTimeout(this.#idle);
    const minutes = this.#options.settings().idleUnloadMinutes;
    if (minutes <= 0) return;
    this.#idle = setTimeout(() => void this.#unloadIdle(), Math.min(minutes * 60_000, longestTimerMs)); // disposing reports its own errors
    this.#idle.unref();
  }
}
