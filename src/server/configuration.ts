import {
  DidChangeConfigurationNotification,
  MessageType,
  ShowMessageNotification,
  type Connection,
} from "vscode-languageserver";
import { defaultSettings, type ServerSettings } from "../shared/protocol.js";
import { parseConfiguration, section } from "../shared/configuration.js";
import { exclusionOf, type Exclusion } from "../shared/exclusion.js";
import { inertText } from "../shared/inertText.js";
import type { Client } from "./client.js";

export interface ConfigurationOptions {
  readonly connection: Connection;
  readonly onChange: (settings: ServerSettings, old: ServerSettings) => void;
}

/**
 * The effective settings: the defaults, overridden by `initializationOptions`, overridden by the last settings that
 * arrived. Settings arrive in the client's response to `workspace/configuration`, in `rwkv/settings`, or, if the client
 * cannot be asked, in `workspace/didChangeConfiguration`.
 */
export class Configuration {
  readonly #options: ConfigurationOptions;
  #client: Client | undefined;
  #initial: Partial<ServerSettings> = {};
  #settings: ServerSettings = defaultSettings;
  #exclusion: Exclusion = exclusionOf(defaultSettings.exclude);
  /** Problems that the user has been shown. Each is shown only once. */
  readonly #shown = new Set<string>();
  #asked = 0;
  /** Problems to be shown as soon as the client accepts messages. */
  readonly #problems: string[] = [];

  constructor(options: ConfigurationOptions) {
    this.#options = options;
  }

  get settings(): ServerSettings {
    return this.#settings;
  }

  get exclusion(): Exclusion {
    return this.#exclusion;
  }

  /** Call when the client initializes the server: takes the settings from `initializationOptions`. */
  initialize(client: Client, initializationOptions: unknown): void {
    this.#client = client;
    const { settings, problems } = parseConfiguration(initializationOptions);
    this.#initial = settings;
    this.#problems.push(...problems);
    this.#take({});
  }

  /**
   * Call once the client accepts requests. If the client can be asked for its settings, requests them and waits up to
   * `maxWaitSeconds`.
   */
  async initialized(): Promise<void> {
    this.#tellProblems();
    if (this.#client?.canRegisterForSettings === true) {
      this.#options.connection.client
        .register(DidChangeConfigurationNotification.type, { section })
        .catch(() => undefined); // without the registration, the client may not report changes
    }
    if (this.#client?.canBeAskedForSettings === true) await this.#ask();
  }

  /** Call when the client has sent settings with `rwkv/settings`. */
  sent(settings: unknown): void {
    this.#configure(settings);
  }

  /** Call after `workspace/didChangeConfiguration`. It contains the settings, or only announces that they changed. */
  async changed(pushed: unknown): Promise<void> {
    if (this.#client?.canBeAskedForSettings === true) return this.#ask();
    this.#configure(pushed);
  }

  async #ask(): Promise<void> {
    const number = ++this.#asked;
    try {
      const answer: unknown = await withinSeconds(
        maxWaitSeconds,
        this.#options.connection.workspace.getConfiguration(section),
      );
      if (number === this.#asked) this.#configure(answer, true); // ignore an outdated response
    } catch {
      // The client failed or did not respond in time: the settings stay as they are.
    }
  }

  #configure(value: unknown, isSection = false): void {
    const { settings, problems } = parseConfiguration(value, isSection);
    this.#problems.push(...problems);
    this.#take(settings);
    this.#tellProblems();
  }

  #take(configured: Partial<ServerSettings>): void {
    const old = this.#settings;
    this.#settings = { ...defaultSettings, ...this.#initial, ...configured };
    this.#exclusion = exclusionOf(this.#settings.exclude);
    for (const { glob, reason } of this.#exclusion.problems) {
      this.#problems.push(`The glob ${shownGlob(glob)} of the setting ${section}.exclude is ignored: ${reason}.`);
    }
    this.#options.onChange(this.#settings, old);
  }

  #tellProblems(): void {
    for (const problem of this.#problems.splice(0)) {
      if (this.#shown.has(problem)) continue;
      this.#shown.add(problem);
      // A notification, because the library's `window.showWarningMessage` is a request that waits for the user.
      void this.#options.connection.sendNotification(ShowMessageNotification.type, {
        type: MessageType.Warning,
        message: problem,
      });
    }
  }
}

function shownGlob(glob: string): string {
  return inertText(glob.length > maxShownLength ? `${glob.slice(0, maxShownLength)}…` : glob);
}

const maxShownLength = 60;

/** How long to wait for a client that may never respond. */
const maxWaitSeconds = 2;

function withinSeconds<T>(seconds: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error("timed out"));
    }, seconds * 1000);
    void work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}
