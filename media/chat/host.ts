import type { FromView } from "../../src/shared/chatMessages.js";
import type { ChatTexts } from "../../src/shared/chatTexts.js";

/** The part of VS Code's API for webview scripts that is used here. */
interface VsCodeApi {
  postMessage(message: FromView): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** The connection to the extension host. */
export class Host {
  readonly #api = acquireVsCodeApi();

  readonly post = (message: FromView): void => {
    this.#api.postMessage(message);
  };
}

/** The localized texts, which are part of the page. */
export function pageTexts(): ChatTexts {
  const json = document.getElementById("texts")?.textContent;
  if (json === undefined) throw new Error("The page holds no texts: see chatHtml.ts.");
  return JSON.parse(json) as ChatTexts; // written by chatHtml of the same version
}
