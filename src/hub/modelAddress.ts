import { DownloadError } from "./downloadError.js";
import { fileUrl, huggingFaceEndpoint, modelScopeEndpoint, type Hub } from "./hubs.js";
import { secureUrl } from "./request.js";

/** A model's address as entered by the user. */
export type ModelAddress =
  /** `repository` is undefined for a file that is not on a hub. */
  | {
      readonly kind: "file";
      readonly url: string;
      readonly name: string;
      readonly repository: string | undefined;
    }
  /** `hub` is undefined for a bare `owner/repository`. */
  | { readonly kind: "repository"; readonly repository: string; readonly hub: Hub | undefined }
  /** A file given as `owner/repository/path`. */
  | { readonly kind: "repositoryFile"; readonly repository: string; readonly path: string };

export const weightsName = /\.(gguf|pth|safetensors|st)$/i;
const repositoryName = /^[\w][\w.-]*\/[\w][\w.-]*$/;

/**
 * Parses what the user entered: the URL of a file or of a repository's page, a repository's name (`owner/repository`),
 * or a file's path in a repository (`owner/repository/path/of.gguf`).
 * @param hubs hubs to recognize in addition to the well-known ones.
 * @throws DownloadError if the text is none of these, or the address is not encrypted.
 */
export function modelAddress(given: string, hubs: readonly Hub[]): ModelAddress {
  const text = given.trim();
  if (/^[a-z][a-z\d+.-]*:/i.test(text)) return addressOfUrl(secureUrl(text), hubs);
  if (/^(www\.)?(huggingface\.co|hf\.co|modelscope\.cn|hf-mirror\.com)\//i.test(text))
    return addressOfUrl(secureUrl(`https://${text}`), hubs);
  if (repositoryName.test(text)) return { kind: "repository", repository: text, hub: undefined };
  const [owner = "", name = "", ...path] = text.split("/");
  if (
    repositoryName.test(`${owner}/${name}`) &&
    weightsName.test(text) &&
    path.every((part) => part !== "" && !/^\.+$/.test(part))
  ) {
    return { kind: "repositoryFile", repository: `${owner}/${name}`, path: path.join("/") };
  }
  throw new DownloadError({ kind: "notAnAddress", given });
}

function addressOfUrl(url: URL, hubs: readonly Hub[]): ModelAddress {
  const hub = hubOf(url, hubs);
  const parts = partsOf(url);
  if (hub?.kind === "modelScope" && parts[0] === "models") parts.shift();
  const [owner = "", name = "", view, ...rest] = parts;
  const repository = `${owner}/${name}`;
  if (hub !== undefined && repositoryName.test(repository)) {
    // A file's address is …/resolve/REVISION/PATH. Its page on ModelScope is …/file/view/REVISION/PATH.
    const [revision, ...path] = view === "file" ? rest.slice(1) : rest;
    const isFile = ["resolve", "blob", "raw", "file"].includes(view ?? "") && path.length > 0;
    if (isFile)
      return {
        kind: "file",
        url: fileUrl(hub, repository, path.join("/"), revision),
        name: localName(path.at(-1) ?? ""),
        repository,
      };
    return { kind: "repository", repository, hub };
  }
  const last = parts.at(-1) ?? "";
  if (!weightsName.test(last)) throw new DownloadError({ kind: "notAnAddress", given: url.href });
  return { kind: "file", url: url.href, name: localName(last), repository: undefined };
}

/** @throws DownloadError if the path has a malformed escape, such as `%zz`. */
function partsOf(url: URL): string[] {
  try {
    return url.pathname
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
  } catch {
    throw new DownloadError({ kind: "notAnAddress", given: url.href });
  }
}

function hubOf(url: URL, hubs: readonly Hub[]): Hub | undefined {
  const host = url.host.replace(/^www\./, "");
  if (host === "huggingface.co" || host === "hf.co") return { kind: "huggingFace", endpoint: huggingFaceEndpoint };
  if (host === "hf-mirror.com") return { kind: "huggingFace", endpoint: "https://hf-mirror.com" };
  if (host === "modelscope.cn") return { kind: "modelScope", endpoint: modelScopeEndpoint };
  return hubs.find(({ endpoint }) => new URL(endpoint).host === url.host);
}

/** A remote file's name, changed to be valid on any system. */
export function localName(remote: string): string {
  const name = remote
    .split("/")
    .at(-1)
    ?.replace(/[^\p{L}\p{N}._+ -]/gu, "_")
    .replace(/^[. ]+|[. ]+$/g, "");
  if (name === undefined || name === "") return "model";
  const short = lastBytes(name, maxNameBytes).replace(/^[. ]+/, "");
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(short) ? `_${short}` : short;
}

/** File systems allow 255 bytes, but the part, the lock and temporary files have this name with a suffix. */
const maxNameBytes = 180;

/** The end of a text: as many whole characters as fit into `maxBytes` bytes of UTF-8. */
function lastBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  let start = Math.max(0, bytes.length - maxBytes);
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  return bytes.toString("utf8", start);
}
