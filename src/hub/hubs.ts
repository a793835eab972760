import { secureUrl } from "./request.js";

/** A site that hosts model repositories. `endpoint` has no trailing slash. */
export type Hub =
  | { readonly kind: "huggingFace"; readonly endpoint: string }
  | { readonly kind: "modelScope"; readonly endpoint: string };

/** A repository's name on each hub that has it. */
export interface RepositoryNames {
  readonly huggingFace?: string | undefined;
  readonly modelScope?: string | undefined;
}

export const huggingFaceEndpoint = "https://huggingface.co";
export const modelScopeEndpoint = "https://modelscope.cn";

/**
 * The hubs to use, as chosen by the setting `rwkvCode.downloadSource`: `auto`, `huggingface`, `modelscope`, or the
 * address of a mirror with Hugging Face's API.
 * @param environmentEndpoint the variable HF_ENDPOINT, which by convention replaces Hugging Face's address.
 * @throws DownloadError if an address is invalid or not encrypted.
 */
export function hubsFor(source: string, environmentEndpoint: string | undefined): Hub[] {
  const given = environmentEndpoint?.trim() ?? "";
  const huggingFace: Hub = { kind: "huggingFace", endpoint: given === "" ? huggingFaceEndpoint : endpointOf(given) };
  const modelScope: Hub = { kind: "modelScope", endpoint: modelScopeEndpoint };
  switch (source.trim().toLowerCase()) {
    case "":
    case "auto":
      return [huggingFace, modelScope];
    case "huggingface":
      return [huggingFace];
    case "modelscope":
      return [modelScope];
    default:
      return [{ kind: "huggingFace", endpoint: endpointOf(source.trim()) }];
  }
}

function endpointOf(text: string): string {
  return secureUrl(text).href.replace(/\/+$/, "");
}

/** The address of a file, before redirects. @param filePath path within the repository. */
export function fileUrl({ kind, endpoint }: Hub, repository: string, filePath: string, revision?: string): string {
  const encodedPath = filePath.split("/").map(encodeURIComponent).join("/");
  switch (kind) {
    case "huggingFace":
      return `${endpoint}/${repository}/resolve/${encodeURIComponent(revision ?? "main")}/${encodedPath}`;
    case "modelScope":
      return `${endpoint}/models/${repository}/resolve/${encodeURIComponent(revision ?? "master")}/${encodedPath}`;
  }
}

/** The repository's name on a hub; undefined if the hub does not have it. A mirror may use the name on ModelScope. */
export function repositoryOn(hub: Hub, names: RepositoryNames): string | undefined {
  const isMirror = hub.endpoint !== huggingFaceEndpoint && hub.endpoint !== modelScopeEndpoint;
  return names[hub.kind] ?? (isMirror ? names.modelScope : undefined);
}
