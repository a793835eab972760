import type { Translate } from "../shared/translate.js";
import { sizeText } from "./sizeText.js";
import type { DownloadFailure } from "./downloadError.js";

/** A message for the user that names the problem and the fix. */
export function failureText(failure: DownloadFailure, t: Translate): string {
  switch (failure.kind) {
    case "notAnAddress":
      return t(
        "“{0}” is neither the address of a weights file nor owner/repository: copy it from the model's page.",
        failure.given,
      );
    case "insecure":
      return t("{0} is not encrypted: use an address that begins with https.", failure.url);
    case "gone":
      return t(
        "{0} does not exist any more ({1}): choose another model or another download source.",
        failure.url,
        failure.status,
      );
    case "denied":
      return t(
        "{0} refuses access ({1}): set an access token if the model needs one, or choose another download source.",
        failure.host,
        failure.status,
      );
    case "noWeights":
      return t(
        "{0} has no weights file (.gguf, .pth, .safetensors or .st): choose another repository.",
        failure.repository,
      );
    case "notThere":
      return t("{0} is not known to be on {1}: set the download source to “auto”.", failure.name, failure.hosts);
    case "webPage":
      return t(
        "{0} sent a web page instead of the file, as login pages of networks do: log in to the network in a browser and try again.",
        failure.host,
      );
    case "redirects":
      return t("{0} redirects without end: try another download source.", failure.host);
    case "replaced":
      return t(
        "{0} has another file under this name now: choose another model, or update the extension.",
        failure.host,
      );
    case "wrongSize":
      return t(
        "The file has {0} bytes instead of {1}: try another download source.",
        failure.bytes,
        failure.expectedBytes,
      );
    case "wrongHash":
      return t(
        "The downloaded file is damaged (its SHA-256 is wrong): download it again, from another source if it happens twice.",
      );
    case "takenOver":
      return t("Another window continued or discarded this download: look there, or try again.");
    case "diskFull":
      return failure.missingBytes === undefined
        ? t("The disk of {0} is full: free some space and try again.", failure.folder)
        : t(
            "The disk of {0} is too full: free another {1} and try again.",
            failure.folder,
            sizeText(failure.missingBytes),
          );
    case "unwritable":
      return t("{0} cannot be written to ({1}): check its permissions and try again.", failure.folder, failure.code);
    case "proxy":
      return t(
        "The proxy refuses the connection to {0}: check the proxy's address and login in VS Code's setting http.proxy.",
        failure.host,
      );
    case "certificate":
      return t(
        "The certificate of {0} is not trusted ({1}): install your network's certificate in the system, or try another network.",
        failure.host,
        failure.code,
      );
    case "offline":
      return t(
        "There is no network connection to {0}: connect and try again, or set your network's proxy in VS Code's setting http.proxy.",
        failure.host,
      );
    case "unreachable":
      return t(
        "{0} does not answer ({1}): try again later, or choose another download source.",
        failure.host,
        failure.code,
      );
    case "interrupted":
      return t("The connection to {0} broke off several times: try again later.", failure.host);
    case "stalled":
      return t("{0} sent nothing for {1} seconds, several times: try again later.", failure.host, failure.seconds);
    case "expired":
      return t(
        "{0} refuses its own download address ({1}): try again later, or choose another download source.",
        failure.host,
        failure.status,
      );
    case "rateLimited":
      return failure.retryAfterMs === undefined
        ? t("{0} allows no more downloads for now: try again later.", failure.host)
        : t(
            "{0} allows no more downloads for now: try again in {1} min.",
            failure.host,
            Math.max(1, Math.ceil(failure.retryAfterMs / 60_000)),
          );
    case "serverError":
      return t(
        "{0} has a problem of its own ({1}): try again later, or choose another download source.",
        failure.host,
        failure.status,
      );
    case "unexpected":
      return t("{0} gave an unexpected answer ({1}): try another download source.", failure.host, failure.status);
  }
}

/** Says whether the received bytes were kept. @param partBytes size of the part that is kept; 0 if there is none. */
export function partText(partBytes: number, t: Translate): string {
  return partBytes > 0 ? t("The {0} received so far are kept.", sizeText(partBytes)) : t("Nothing was downloaded.");
}
