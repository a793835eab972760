import type { Catalogue, CatalogueFile, CatalogueModel } from "./catalogue.js";
import { DownloadError } from "./downloadError.js";
import { fileUrl, repositoryOn, type Hub } from "./hubs.js";
import { localName, type ModelAddress } from "./modelAddress.js";
import type { RemoteFile } from "./remoteFile.js";

/** The files to download for a model. */
export interface ModelFiles {
  readonly weights: RemoteFile;
  /** Undefined if the weights file contains or may contain the vocabulary. The importer reports a missing one. */
  readonly vocabulary: RemoteFile | undefined;
}

/** @throws DownloadError if the catalogue has no address for the weights or the vocabulary on any of these hubs. */
export function filesOf(model: CatalogueModel, { vocabularies }: Catalogue, hubs: readonly Hub[]): ModelFiles {
  const vocabulary = model.vocabulary === undefined ? undefined : vocabularies[model.vocabulary];
  return {
    weights: catalogueFile(model.weights, hubs),
    vocabulary: vocabulary === undefined ? undefined : catalogueFile(vocabulary, hubs),
  };
}

export function catalogueFile(
  { path, bytes, sha256, repositories = {}, urls = [] }: CatalogueFile,
  hubs: readonly Hub[],
): RemoteFile {
  const onHubs = hubs.flatMap((hub) => {
    const repository = repositoryOn(hub, repositories);
    return repository === undefined ? [] : [fileUrl(hub, repository, path)];
  });
  const all = [...onHubs, ...urls];
  if (all.length === 0)
    throw new DownloadError({
      kind: "notThere",
      name: path,
      hosts: hubs.map(({ endpoint }) => new URL(endpoint).host).join(", "),
    });
  return { name: localName(path), urls: all, bytes, sha256 };
}

/** A file in a repository, with its address on each hub, because any of the hubs may have it. */
export function repositoryFile(
  { repository, path }: Pick<ModelAddress & { kind: "repositoryFile" }, "repository" | "path">,
  hubs: readonly Hub[],
  known: Pick<RemoteFile, "bytes" | "sha256"> = {},
): RemoteFile {
  return { name: localName(path), urls: hubs.map((hub) => fileUrl(hub, repository, path)), ...known };
}
