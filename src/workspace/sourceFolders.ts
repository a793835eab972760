import { setTimeout as delay } from "node:timers/promises";
import { RealFolder } from "./realFolder.js";
import { isSourceFile, sourceFilesIn, type SourceFilesOptions } from "./sourceFiles.js";

export interface SourceFile {
  readonly file: string;
  readonly folder: RealFolder;
}

/** Maximum number of log messages: a hostile workspace must not fill the log. */
const maxMessages = 50;

/** Finds the source files in all folders of a workspace. */
export class SourceFolders {
  readonly #folders: readonly string[];
  readonly #options: SourceFilesOptions;

  /** @param folders full paths. */
  constructor(folders: readonly string[], { isExcluded, onLeftOut }: Omit<SourceFilesOptions, "turn">) {
    this.#folders = folders;
    const said = new Set<string>();
    this.#options = {
      isExcluded,
      // Lets requests run, even while many folders in a row have no source files.
      turn: () => delay(0),
      onLeftOut: (message) => {
        if (said.has(message) || said.size >= maxMessages) return;
        said.add(message);
        onLeftOut(message);
      },
    };
  }

  async *files(): AsyncGenerator<SourceFile> {
    for (const path of this.#folders) {
      const folder = await RealFolder.of(path);
      if (folder === undefined) continue;
      for await (const file of sourceFilesIn(folder, this.#options)) yield { file, folder };
    }
  }

  /** The workspace folder of a source file; undefined if the file is not a source file in any of the folders. */
  async folderOf(file: string): Promise<RealFolder | undefined> {
    for (const path of this.#folders) {
      const folder = await RealFolder.of(path);
      if (folder !== undefined && (await isSourceFile(file, folder, this.#options))) return folder;
    }
    return undefined;
  }
}
