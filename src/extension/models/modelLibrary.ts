import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type * as vscode from "vscode";
import type { InspectLine } from "../../shared/cliOutput.js";
import type { ServerStatus } from "../../shared/protocol.js";
import { KeptState, type KeptForm } from "../keptState.js";
import type { CommandLine } from "./commandLine.js";
import { knownModels, type KnownModel } from "./knownModels.js";
import type { ModelFacts } from "./modelTexts.js";
import { settingOf, type NamedModel } from "./namedModel.js";
import { errorMessage } from "../../shared/errorMessage.js";

export interface LibraryParts {
  /** Folder of the embedded model. */
  readonly embedded: string;
  /** Folder of the imported models; created by the first import. */
  readonly imported: string;
  /** The model that the setting names. */
  readonly named: () => NamedModel;
  readonly commandLine: CommandLine;
  /** Stores the measured speed of each model. */
  readonly memento: vscode.Memento;
}

/** The measured speeds, keyed by the model's path in the server's status. */
type Speeds = Readonly<Record<string, Speed>>;

/** The speed measured with an engine. */
interface Speed {
  readonly engine: string;
  readonly tokensPerSecond: number;
}

const speedsForm: KeptForm<Speeds> = { name: "models.speeds", version: 1, read: speedsIn };

/** The models that the user can choose, with their descriptions. */
export class ModelLibrary {
  readonly #parts: LibraryParts;
  /** Cached descriptions, keyed by folder and modification time of model.json. */
  readonly #inspected = new Map<string, InspectLine>();

  readonly #speeds: KeptState<Speeds>;

  constructor(parts: LibraryParts) {
    this.#parts = parts;
    this.#speeds = new KeptState(parts.memento, speedsForm);
  }

  get importedFolder(): string {
    return this.#parts.imported;
  }

  async all(): Promise<KnownModel[]> {
    const { embedded, imported, named } = this.#parts;
    const entries = existsSync(imported) ? await readdir(imported) : [];
    const names = entries.filter((name) => existsSync(path.join(imported, name, "model.json")));
    return knownModels({ embedded, imported, names, named: named() });
  }

  /** Describes a model without verifying its files. */
  async facts(model: KnownModel): Promise<ModelFacts> {
    try {
      const line = await this.#inspect(model.folder);
      return { kind: "known", line, tokensPerSecond: this.#speedOf(speedKey(model))?.tokensPerSecond };
    } catch (error) {
      return { kind: "unreadable", reason: errorMessage(error) };
    }
  }

  /**
   * Call with each status of the server. The status of a ready model contains its measured speed. A slower measurement
   * with the same engine is ignored, because the machine may have been busy.
   */
  async status(status: ServerStatus): Promise<void> {
    if (status.kind !== "ready") return;
    const { modelPath, engine, tokensPerSecond } = status;
    const known = this.#speedOf(modelPath);
    if (known?.engine === engine && known.tokensPerSecond >= tokensPerSecond) return;
    await this.#speeds.update({ ...this.#speeds.value, [modelPath]: { engine, tokensPerSecond } });
  }

  /** The value of the setting that selects a model's folder. */
  settingOf(folder: string): string {
    return settingOf(folder, this.#parts.imported);
  }

  async forget(model: KnownModel): Promise<void> {
    const remaining = Object.entries(this.#speeds.value).filter(([other]) => other !== speedKey(model));
    await this.#speeds.update(Object.fromEntries(remaining));
  }

  #speedOf(folder: string): Speed | undefined {
    const speeds = this.#speeds.value;
    return Object.hasOwn(speeds, folder) ? speeds[folder] : undefined;
  }

  async #inspect(folder: string): Promise<InspectLine> {
    // `inspect` reports missing files.
    const written = await stat(path.join(folder, "model.json")).catch(() => undefined);
    const key = `${folder}\n${written?.mtimeMs ?? ""}`;
    const known = this.#inspected.get(key);
    if (known !== undefined) return known;
    const line = await this.#parts.commandLine.inspect(folder, "nothing");
    this.#inspected.set(key, line);
    return line;
  }
}

/** The key of a model's speed: the model's path in the server's status. */
function speedKey({ kind, folder }: KnownModel): string {
  return kind === "embedded" ? "" : folder;
}

/** The valid entries of a stored value. */
function speedsIn(value: unknown): Speeds {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, Speed] => isSpeed(entry[1])));
}

function isSpeed(value: unknown): value is Speed {
  const { engine, tokensPerSecond } = (value ?? {}) as Readonly<Record<string, unknown>>; // checked below
  return typeof engine === "string" && Number.isFinite(tokensPerSecond);
}
