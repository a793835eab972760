import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import type * as vscode from "vscode";
import type { FromView, ToView } from "../../src/shared/chatMessages.js";
import { chatHtml } from "../../src/extension/chatHtml.js";
import { chatTexts } from "../../src/extension/chatTexts.js";
import { themes } from "./themes.js";

/** Members of `window` that the stand-in for VS Code adds. */
interface Posted {
  readonly posted: FromView[];
}

export const texts = chatTexts((text) => text, "en");

/** A Chromium browser, and a server for the built view. `open` opens the view in a new page. */
export class ChatBrowser {
  readonly #data: string;
  readonly #server: Server;
  readonly #context: BrowserContext;

  private constructor(data: string, server: Server, context: BrowserContext) {
    this.#data = data;
    this.#server = server;
    this.#context = context;
  }

  static async start(): Promise<ChatBrowser> {
    const data = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-view-"));
    const server = createServer((request, response) => {
      const name = path.basename(new URL(request.url ?? "/", "http://127.0.0.1").pathname);
      const types: Record<string, string> = { ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf" };
      const type = types[path.extname(name)];
      response.setHeader("content-type", type ?? "text/html");
      response.end(type === undefined ? html() : readFileSync(path.join("dist", name)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const module = pathToFileURL(path.resolve("test/vscode/browser.mjs")).href;
    const { openBrowser } = (await import(module)) as {
      readonly openBrowser: (data: string) => Promise<BrowserContext>;
    };
    return new ChatBrowser(data, server, await openBrowser(data));
  }

  async open(theme: keyof typeof themes = "dark", viewport = { width: 420, height: 900 }): Promise<ChatPage> {
    const page = await this.#context.newPage();
    await page.setViewportSize(viewport);
    await page.addInitScript(standIn, themes[theme]);
    await page.goto(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`);
    return new ChatPage(page);
  }

  /** Opens a page with this HTML, to test the extension's pages other than the chat view. */
  async openHtml(
    html: string,
    theme: keyof typeof themes = "dark",
    viewport = { width: 800, height: 1400 },
  ): Promise<Page> {
    const page = await this.#context.newPage();
    await page.setViewportSize(viewport);
    await page.route("**/*", (route) => route.fulfill({ contentType: "text/html", body: html }));
    await page.addInitScript(standIn, themes[theme]);
    await page.goto("http://127.0.0.1/");
    return page;
  }

  async stop(): Promise<void> {
    await this.#context.close();
    this.#server.close();
    rmSync(this.#data, { recursive: true, force: true });
  }
}

/** A page that shows the chat view. A test sends messages to the view, and reads the messages that the view posts. */
export class ChatPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Sends messages to the view and waits until a frame has been painted with them. */
  async postMessage(...messages: readonly ToView[]): Promise<void> {
    await this.page.evaluate(async (told) => {
      for (const message of told) window.dispatchEvent(new MessageEvent("message", { data: message }));
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }, messages);
  }

  /** The messages that the view has posted since the last call, without drafts. */
  async posted(): Promise<FromView[]> {
    const all = await this.page.evaluate(() => (window as unknown as Posted).posted.splice(0));
    return all.filter(({ kind }) => kind !== "draft");
  }

  /** The last draft that the view has posted since the last call of `posted`. */
  async draft(): Promise<string | undefined> {
    const all = await this.page.evaluate(() => (window as unknown as Posted).posted);
    return all.flatMap((message) => (message.kind === "draft" ? [message.text] : [])).at(-1);
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

function html(): string {
  const uri = (name: string): vscode.Uri => ({ toString: () => `/${name}` }) as unknown as vscode.Uri;
  const webview = { cspSource: "'self'", asWebviewUri: (file: vscode.Uri) => file };
  return chatHtml(webview, { script: uri("chat.js"), style: uri("chat.css") }, "nonce123", texts);
}

/** Runs in a page before its own script. Provides VS Code's API for web views, and the theme's classes and colors. */
function standIn({ bodyClass, colours }: { bodyClass: string; colours: Readonly<Record<string, string>> }): void {
  const posted: FromView[] = [];
  Object.assign(window, {
    posted,
    acquireVsCodeApi: () => ({
      postMessage: (message: FromView) => posted.push(message),
    }),
  });
  document.addEventListener("DOMContentLoaded", () => {
    document.body.className = bodyClass;
    const { style } = document.documentElement;
    for (const [name, value] of Object.entries(colours)) style.setProperty(`--vscode-${name}`, value);
  });
}
