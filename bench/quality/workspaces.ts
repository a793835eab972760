import type { MatchSource } from "../../src/core/decoding/documentNgrams.js";
import type { Tokenizer } from "../../src/core/model.js";
import { WorkspaceIndex } from "../../src/core/workspace/workspaceIndex.js";
import { tokenize } from "../../src/core/tokens/healing.js";
import type { OlderVersions } from "./olderVersions.js";
import type { Source } from "./sources.js";

/** Indexes the workspaces of source files, as the server does. */
export class Workspaces {
  readonly #tokenizer: Tokenizer;
  readonly #sourcesOf: (root: string) => readonly Source[];
  readonly #indexes = new Map<string, WorkspaceIndex>();

  /** @param older earlier versions, which are indexed instead of the sources. */
  constructor(tokenizer: Tokenizer, sources: readonly Source[], older?: OlderVersions) {
    this.#tokenizer = tokenizer;
    this.#sourcesOf = (root) => older?.sourcesOf(root) ?? sources.filter((source) => source.root === root);
  }

  /** The n-grams of a source's workspace, except those of the source itself. */
  sourceFor(source: Source): MatchSource {
    return this.of(source).sourceFor(source.path, () => false);
  }

  of(source: Source): WorkspaceIndex {
    let index = this.#indexes.get(source.root);
    if (index === undefined) {
      index = new WorkspaceIndex(this.#tokenizer.vocabularySize);
      for (const one of this.#sourcesOf(source.root)) {
        const bytes = Buffer.from(one.text);
        index.set(one.path, tokenize(this.#tokenizer, bytes, 0, bytes.length));
      }
      this.#indexes.set(source.root, index);
    }
    return index;
  }
}
