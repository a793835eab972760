import { ReplyTokenCache } from "../core/chat/replyTokenCache.js";
import { CheckpointStore } from "../core/states/checkpointStore.js";
import type { StateArchive } from "../core/states/stateArchive.js";
import { type Model } from "../core/model.js";
import type { ReadyModel, ServerSettings, ServerStatus } from "../shared/protocol.js";
import { CompletionEngine } from "../core/engine/completionEngine.js";
import type { CompletionCounter } from "../core/statistics.js";
import { inertText } from "../shared/inertText.js";
import { completerLimits, quietMs } from "./engineSettings.js";
import { PowerSupply } from "./powerSupply.js";
import { errorMessage } from "../shared/errorMessage.js";
import { throwIfCancelled, type CancellationToken } from "../shared/cancellation.js";

/**
 * Loads the weights that the settings name. Passed in, so that this folder does not depend on an engine.
 * @throws Cancelled when the model is no longer wanted; a drive that does not respond may delay this.
 */
export type ModelLoader = (
  settings: ServerSettings,
  onProgress: (fraction: number) => void,
  cancellation: CancellationToken,
) => Promise<Model>;

/** A model in memory. */
export interface LoadedModel {
  readonly engine: CompletionEngine;
  readonly store: CheckpointStore;
  /** The status that is reported to the client. */
  readonly status: ReadyModel;
}

export interface ModelHostOptions {
  readonly settings: () => ServerSettings;
  readonly counter: CompletionCounter;
  readonly load: ModelLoader;
  /** Returns the archive that keeps the model's states across restarts; undefined if they are not kept. */
  readonly archiveOf: (model: Model) => StateArchive | undefined;
  /**
   * Called with the document that is being read and the fraction read so far; with undefined once nothing is left to
   * read.
   */
  readonly onReading: (uri: string | undefined, fraction: number) => void;
  readonly onError: (error: unknown) => void;
  readonly onStatus: (status: ServerStatus) => void;
  /** Called after a model is loaded, so that documents can be opened in it. */
  readonly onLoaded: (loaded: LoadedModel) => void;
  /** Called before the model is unloaded: requests that use it must end. */
  readonly onUnloading: () => void;
  /** Whether a request is using the model. If so, the model is not idle. */
  readonly isBusy: () => boolean;
  /** Called after the model is unloaded because it was idle. */
  readonly onIdle: () => void;
}

/** One attempt to load a model. */
interface Load {
  /** Resolves when the load has ended or was abandoned. Never rejects. */
  readonly ended: Promise<void>;
  /** Call when this model is no longer wanted: the result of the load is discarded. */
  readonly abandon: () => void;
}

/** Node.js fires a timer with a longer delay at once. */
const maxTimerMs = 2 ** 31 - 1;

/**
 * Keeps at most one model in memory: it is loaded when first needed, unloaded when idle, and replaced when the settings
 * need another one. Checkpoints of a replaced model are kept if the memory limit stays the same, so a user who switches
 * back finds them again.
 */
export class ModelHost {
  readonly #options: ModelHostOptions;
  readonly #power = new PowerSupply();
  #loaded: LoadedModel | undefined;
  #load: Load | undefined;
  /** Resolves when the previous model's memory is free. */
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

  /** Call when the model is needed: loads it if necessary, unless that has failed, and restarts the idle timer. */
  touch(): void {
    this.#restartIdleTimer();
    if (this.#loaded !== undefined || this.#failed || this.#isDisposed) return;
    this.#load ??= this.#startLoad();
  }

  /**
   * The model that the settings name, loaded first if necessary; undefined if loading failed or the host was disposed.
   */
  async whenLoaded(): Promise<LoadedModel | undefined> {
    for (;;) {
      this.touch();
      if (this.#load === undefined) return this.#loaded;
      await this.#load.ended; // if this load was abandoned, the loop waits for its successor
    }
  }

  /** Applies settings that need a new model. A load in progress is abandoned, because it may never end. */
  reload(): void {
    this.#abandonLoad();
    this.#failed = false;
    this.#unload();
    this.touch();
  }

  /** Unloads the model. A model that is still being loaded is disposed of as soon as loading ends. */
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
      await this.#unloading; // keep at most one model in memory
      throwIfCancelled(cancellation);
      const model = await load(settings, onProgress, cancellation);
      if (cancellation.isCancellationRequested) {
        await model.dispose();
        return;
      }
      this.#load = undefined;
      this.#loaded = this.#loadedModel(model, settings);
      onStatus(this.#loaded.status); // before `onLoaded` starts background reading, which reports its own status
      onLoaded(this.#loaded);
      this.#restartIdleTimer(); // loading does not count as idle time
    } catch (error) {
      if (cancellation.isCancellationRequested) return; // the error no longer matters
      // Do not retry at every keystroke. `reload` retries.
      this.#load = undefined;
      this.#failed = true;
      onError(error);
      onStatus({ kind: "failed", reason: errorMessage(error) });
    }
  }

  #loadedModel(model: Model, settings: ServerSettings): LoadedModel {
    const store = this.#checkpointStoreFor(settings);
    const { counter, onReading, onError } = this.#options;
    const archive = this.#options.archiveOf(model);
    const engine = new CompletionEngine({
      model,
      store,
      replyTokens: this.#replyTokens,
      counter,
      limits: () => completerLimits(this.#options.settings()),
      background: { quietMs, isNearCursorOnly: () => this.#isNearCursorOnly(), onProgress: onReading, onError },
      ...(archive !== undefined && { archive }),
    });
    return { engine, store, status: readyModel(model, settings.modelPath) };
  }

  #isNearCursorOnly(): boolean {
    const { backgroundReading } = this.#options.settings();
    return backgroundReading === "nearCursor" || (backgroundReading === "auto" && this.#power.isOnBattery);
  }

  #checkpointStoreFor({ checkpointMemoryMB }: ServerSettings): CheckpointStore {
    const maxBytes = checkpointMemoryMB * 2 ** 20;
    if (this.#store?.maxBytes !== maxBytes) this.#store = new CheckpointStore(maxBytes);
    return this.#store;
  }

  /** Called when the model has been idle for too long: frees its memory and that of the checkpoints. */
  #unloadIdle(): void {
    this.#store = undefined;
    this.#replyTokens = new ReplyTokenCache(); // cached replies are useless without their checkpoints
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
    const disposed = disposeOf(loaded.engine).catch(this.#options.onError); // an error does not prevent the next load
    this.#unloading = Promise.all([this.#unloading, disposed]).then(() => undefined);
  }

  #restartIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    const minutes = this.#options.settings().idleUnloadMinutes;
    if (minutes <= 0) return;
    const unload = (): void => {
      if (this.#options.isBusy()) this.#restartIdleTimer();
      else this.#unloadIdle();
    };
    this.#idleTimer = setTimeout(unload, Math.min(minutes * 60_000, maxTimerMs));
    this.#idleTimer.unref();
  }
}

async function disposeOf(engine: CompletionEngine): Promise<void> {
  await engine.dispose();
  await engine.model.dispose();
}

function readyModel({ name, engine, chat, tokensPerSecond }: Model, modelPath: string): ReadyModel {
  // Both texts may come from a model's files and are displayed.
  const shown = { model: inertText(name), engine: inertText(engine) };
  return { kind: "ready", ...shown, modelPath, chat, tokensPerSecond };
}
