import * as vscode from "vscode";
import { hubsFor } from "../../hub/hubs.js";
import { showInformation } from "../notifications.js";

const hostsKey = "hub.tokenHosts";

/** Access tokens for hubs, one per host. They are kept only in VS Code's secret storage. */
export class AccessTokens {
  readonly #secrets: vscode.SecretStorage;
  readonly #memento: vscode.Memento;

  /** @param memento keeps the hosts that have a token, because secret storage cannot be listed. */
  constructor(secrets: vscode.SecretStorage, memento: vscode.Memento) {
    this.#secrets = secrets;
    this.#memento = memento;
  }

  of(host: string): Thenable<string | undefined> {
    return this.#secrets.get(keyOf(host));
  }

  /** Asks the user for a host and its token. */
  async set(suggestedHost: string): Promise<void> {
    const { t } = vscode.l10n;
    const host = await vscode.window.showInputBox({
      title: t("RWKV Code: Set Access Token (1/2)"),
      prompt: t("The hub that the token is for; it is sent to no other host."),
      value: suggestedHost,
      validateInput: (value) =>
        /^[a-z\d.-]+(:\d+)?$/i.test(value.trim()) ? undefined : t("A host name, such as huggingface.co"),
    });
    if (host === undefined) return;
    const token = await vscode.window.showInputBox({
      title: t("RWKV Code: Set Access Token (2/2)"),
      prompt: t("A token that may read; it is kept in VS Code's secret storage."),
      password: true,
      ignoreFocusOut: true,
      validateInput: (value) => (/^[\x21-\x7e]+$/.test(value.trim()) ? undefined : t("A token has no spaces.")),
    });
    if (token === undefined) return;
    const name = host.trim().toLowerCase();
    await this.#secrets.store(keyOf(name), token.trim());
    await this.#memento.update(hostsKey, [...new Set([...this.#hosts(), name])]);
    void showInformation(`RWKV Code: ${t("The token for {0} is set.", name)}`); // not awaited: it has no buttons
  }

  async remove(): Promise<void> {
    const { t } = vscode.l10n;
    const hosts = this.#hosts();
    if (hosts.length === 0) {
      void showInformation(`RWKV Code: ${t("No access token is set.")}`); // not awaited: it has no buttons
      return;
    }
    const host = await vscode.window.showQuickPick(hosts, { title: t("RWKV Code: Remove Access Token") });
    if (host === undefined) return;
    await this.#secrets.delete(keyOf(host));
    await this.#memento.update(
      hostsKey,
      hosts.filter((other) => other !== host),
    );
  }

  #hosts(): string[] {
    const hosts = this.#memento.get<unknown>(hostsKey);
    return Array.isArray(hosts) ? hosts.filter((host) => typeof host === "string") : [];
  }
}

/** The host of the first hub that models are downloaded from. @throws DownloadError if the setting is invalid. */
export function suggestedTokenHost(downloadSource: string): string {
  const [hub] = hubsFor(downloadSource, process.env["HF_ENDPOINT"]);
  return hub === undefined ? "" : new URL(hub.endpoint).host;
}

function keyOf(host: string): string {
  return `hub.token.${host.toLowerCase()}`;
}
