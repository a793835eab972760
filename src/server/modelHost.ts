import { ReplyTokenCache } from "../core/chat/replyTokenCache.js";
import { CheckpointStore } from "../core/states/checkpointStore.js";
import { type Model } from "../core/model.js";
import type { ServerSettings, ServerStatus } from "../shared/protocol.js";
import { LoadedModel, type LoadedModelOptions } from "./loadedModel.js";
import { errorMessage } from "../shared/errorMessage.js";
import { throwIfCancelled, type CancellationToken } from "../shared/cancellation.js";

/**
 * Loads the weights that the settings name; handed in, so that this folder needs no engine.
 * @throws Cancelled once the model is no longer wanted; a drive that hangs may keep it from noticing.
 */
export type ModelLoader = (
  settings: ServerSettings,
  onProgress: (fraction: number) => void,
  cancellation: CancellationToken,
) => Promise<Model>;

export interface ModelHostOptions extends LoadedModelOptions {
  readonly load: ModelLoader;
  readonly onStatus: (status: ServerStatus) => void;
  /** A model was loaded: its documents are opened here. */
  readonly onLoaded: (loaded: LoadedModel) => void;
  /** The model is about to go: what asks it must end. */
  readonly onUnloading: () => void;
  /** It went because nobody used it. */
  readonly onIdle: () => void;
}

/** One attempt to load a model. */
interface Load {
  /** Ends when the load ends or is abandoned, whichever comes first. Never rejects. */
  readonly ended: Promise<void>;
  /** Another model is wanted: what this load gives is dropped. */
  readonly abandon: () => void;
}

/** A longer one would fire at once. */
const maxTimerMs = 2 ** 31 - 1;

/**
 * At most one model in memory: loaded when first needed, unloaded when idle, replaced when the settings change. Checkpoints
 * of a replaced model stay, within the one ceiling, and so do the tokens of its answers: their keys hold its id, so whoever
 * switches back finds them.
 */
export class ModelHost {
  readonly #options: ModelHostOptions;
  #loaded: LoadedModel | undefined;
  #load: Load | undefined;
  /** Of the model before: its memory is free once this ends. */
  #unloading: Promise<void> = Promise.resolve();
  #store: CheckpointStore | undefined;
  #replyTokens = new ReplyTokenCache();
  #idleTimer: NodeJS.Timeout | undefined;
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
    this.#restartIdleTimer();
    if (this.#loaded !== undefined || this.#failed || this.#isDisposed) return;
    this.#load ??= this.#startLoad();
  }

  /** The model that the settings name, loaded first if it is not there; undefined if that failed. */
  async whenLoaded(): Promise<LoadedModel | undefined> {
    for (;;) {
      this.touch();
      if (this.#load === undefined) return this.#loaded;
      await this.#load.ended; // if it was abandoned for another model, that one is waited for
    }
  }

  /** Takes over settings that only a fresh model has. A load under way is abandoned: it may never end. */
  reload(): void {
    this.#abandonLoad();
    this.#failed = false;
    this.#unload();
    this.touch();
  }

  /** A model that is still being loaded goes as soon as it is there: nobody waits for it. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    clearTimeout(this.#idleTimer);
    this.#abandonLoad();
    this.#unload();
    await this.#unloading;
  }

  #abandonLoad(): void {
    this.#load?.abandon();
    this.#load = undefined;
  }

  #startLoad(): Load {
    const cancellation = { isCancellationRequested: false };
    let end: () => void = () => undefined;
    const abandoned = new Promise<void>((resolve) => (end = resolve));
    const abandon = (): void => {
      cancellation.isCancellationRequested = true;
      end();
    };
    return { abandon, ended: Promise.race([this.#loadModel(cancellation), abandoned]) };
  }

  async #loadModel(cancellation: CancellationToken): Promise<void> {
    const { load, onStatus, onLoaded, onError } = this.#options;
    const settings = this.#options.settings();
    onStatus({ kind: "loading", fraction: 0 });
    const onProgress = (fraction: number): void => {
      if (!cancellation.isCancellationRequested) onStatus({ kind: "loading", fraction });
    };
    try {
      await this.#unloading; // at most one model in memory
      throwIfCancelled(cancellation);
      const model = await load(settings, onProgress, cancellation);
      if (cancellation.isCancellationRequested) {
        await model.dispose();
        return;
      }
      this.#load = undefined;
      const store = this.#checkpointStoreFor(settings);
      const surroundings = { modelPath: settings.modelPath, store, replyTokens: this.#replyTokens };
      this.#loaded = new LoadedModel(model, surroundings, this.#options);
      onStatus(this.#loaded.status); // first: that a document is being read is said from the next line on
      onLoaded(this.#loaded);
      this.#restartIdleTimer(); // what ran out while it was loading does not count
    } catch (error) {
      if (cancellation.isCancellationRequested) return; // whatever was wrong with it, nobody wants it any more
      // Not tried again at every key: a change of the settings or a restart does.
      this.#load = undefined;
      this.#failed = true;
      onError(error);
      onStatus({ kind: "failed", reason: errorMessage(error) });
    }
  }

  #checkpointStoreFor({ checkpointMemoryMB }: ServerSettings): CheckpointStore {
    const maxBytes = checkpointMemoryMB * 2 ** 20;
    if (this.#store?.maxBytes !== maxBytes) this.#store = new CheckpointStore(maxBytes);
    return this.#store;
  }

  /** Nobody uses it: its memory goes back, that of the checkpoints too. */
  #unloadIdle(): void {
    this.#store = undefined;
    this.#replyTokens = new ReplyTokenCache(); // without the states behind them they are of no use
    const wasLoaded = this.#loaded !== undefined;
    this.#unload();
    if (wasLoaded) this.#options.onIdle();
  }

  #unload(): void {
    const loaded = this.#loaded;
    this.#loaded = undefined;
    if (loaded === undefined) return;
    this.#options.onUnloading();
    this.#options.onStatus({ kind: "noModel" });
    const disposed = loaded.dispose().catch(this.#options.onError); // the next model is loaded all the same
    this.#unloading = Promise.all([this.#unloading, disposed]).then(() => undefined);
  }

  #restartIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    const minutes = this.#options.settings().idleUnloadMinutes;
    if (minutes <= 0) return;
    const unload = (): void => {
      this.#unloadIdle();
    };
    this.#idleTimer = setTimeout(unload, Math.min(minutes * 60_000, maxTimerMs));
    this.#idleTimer.unref();
  }
}
