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
 * The settings that hold: the defaults, over them `initializationOptions`, over these what the client answers to
 * `workspace/configuration`, or sends with `workspace/didChangeConfiguration` if it cannot be asked.
 */
export class Configuration {
  readonly #options: ConfigurationOptions;
  #client: Client | undefined;
  #initial: Partial<ServerSettings> = {};
  #settings: ServerSettings = defaultSettings;
  #exclusion: Exclusion = exclusionOf(defaultSettings.exclude);
  /** Each problem is told once. */
  readonly #told = new Set<string>();
  #asked = 0;
  /** Told as soon as the client may be sent messages. */
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

  /** Takes over what came with `initialize`. */
  initialize(client: Client, initializationOptions: unknown): void {
    this.#client = client;
    const { settings, problems } = parseConfiguration(initializationOptions);
    this.#initial = settings;
    this.#problems.push(...problems);
    this.#take({});
  }

  /** The client may be talked to: asks it for its settings. Resolves when it answered, or will not. */
  async initialized(): Promise<void> {
    this.#tellProblems();
    if (this.#client?.canRegisterForSettings === true) {
      this.#options.connection.client
        .register(DidChangeConfigurationNotification.type, { section })
        .catch(() => undefined); // it is told of changes or it is not
    }
    if (this.#client?.canBeAskedForSettings === true) await this.#ask();
  }

  /** The client sent settings without being asked. */
  sent(settings: unknown): void {
    this.#configure(settings);
  }

  /** `workspace/didChangeConfiguration` came, with settings or to say that they are to be asked for. */
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
      if (number === this.#asked) this.#configure(answer, true); // a later question has a later answer
    } catch {
      // The client has no answer: what it said before holds.
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
      if (this.#told.has(problem)) continue;
      this.#told.add(problem);
      // The library's `window.showWarningMessage` is a request, which waits for the user.
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

/** A client that never answers is not waited for any longer. */
const maxWaitSeconds = 2;

function withinSeconds<T>(seconds: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error("no answer"));
    }, seconds * 1000);
    void work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}
