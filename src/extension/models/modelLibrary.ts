import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type * as vscode from "vscode";
import type { InspectLine } from "../../cliOutput.js";
import type { ServerStatus } from "../../protocol.js";
import type { CommandLine } from "./commandLine.js";
import { knownModels, type KnownModel } from "./knownModels.js";
import type { ModelFacts } from "./modelTexts.js";
import { errorMessage } from "../../shared/errorMessage.js";

export interface LibraryParts {
  /** Folder of the embedded model. */
  readonly embedded: string;
  /** Folder that imports go into; made with the first. */
  readonly imported: string;
  /** What the setting names; empty: the embedded model. */
  readonly setting: () => string;
  readonly commandLine: CommandLine;
  /** Keeps how fast each model ran here. */
  readonly memento: vscode.Memento;
}

const speedsKey = "models.speeds";
/** By the setting that names a model. */
type Speeds = Readonly<Record<string, { readonly engine: string; readonly tokensPerSecond: number }>>;

/** The models that there are, and what is known of each. */
export class ModelLibrary {
  readonly #parts: LibraryParts;
  /** Folder and the time its model.json was written, to what a child said of it. */
  readonly #inspected = new Map<string, InspectLine>();

  constructor(parts: LibraryParts) {
    this.#parts = parts;
  }

  get importedFolder(): string {
    return this.#parts.imported;
  }

  async all(): Promise<KnownModel[]> {
    const { embedded, imported, setting } = this.#parts;
    const entries = existsSync(imported) ? await readdir(imported) : [];
    const names = entries.filter((name) => existsSync(path.join(imported, name, "model.json")));
    return knownModels({ embedded, imported, names, setting: setting() });
  }

  /** What a model is; its files are not checked. */
  async facts({ folder, setting }: KnownModel): Promise<ModelFacts> {
    try {
      const line = await this.#inspect(folder);
      return { kind: "known", line, tokensPerSecond: this.#speedOf(setting)?.tokensPerSecond };
    } catch (error) {
      return { kind: "unreadable", reason: errorMessage(error) };
    }
  }

  /**
   * The server said how it is: a model that is ready has been measured. The best measurement with an engine counts: one
   * taken while the machine is busy with something else says little of the model.
   */
  async status(status: ServerStatus): Promise<void> {
    if (status.kind !== "ready") return;
    const { modelPath, engine, tokensPerSecond } = status;
    const known = this.#speedOf(modelPath);
    if (known?.engine === engine && known.tokensPerSecond >= tokensPerSecond) return;
    const speeds: Speeds = { ...this.#speeds, [modelPath]: { engine, tokensPerSecond } };
    await this.#parts.memento.update(speedsKey, speeds);
  }

  async forget({ setting }: KnownModel): Promise<void> {
    const rest = Object.entries(this.#speeds).filter(([other]) => other !== setting);
    await this.#parts.memento.update(speedsKey, Object.fromEntries(rest));
  }

  get #speeds(): Speeds {
    return this.#parts.memento.get<Speeds>(speedsKey, {});
  }

  #speedOf(setting: string): Speeds[string] | undefined {
    return Object.hasOwn(this.#speeds, setting) ? this.#speeds[setting] : undefined;
  }

  async #inspect(folder: string): Promise<InspectLine> {
    const written = await stat(path.join(folder, "model.json")).catch(() => undefined); // inspect says what is missing
    const key = `${folder}\n${written?.mtimeMs ?? ""}`;
    const known = this.#inspected.get(key);
    if (known !== undefined) return known;
    const line = await this.#parts.commandLine.inspect(folder, "nothing");
    this.#inspected.set(key, line);
    return line;
  }
}
