import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContext, FrameLocator, Page } from "playwright-core";

interface Workbench {
  readonly url: (options: { readonly open: readonly string[] }) => string;
  readonly stop: () => Promise<void>;
}

const moduleOf = (name: string): Promise<unknown> => import(pathToFileURL(path.resolve(name)).href);

/** A real VS Code with the packaged extension, seen through chromium as a user sees it. */
export class Editor {
  readonly page: Page;
  readonly #data: string;
  readonly #workbench: Workbench;
  readonly #browser: BrowserContext;
  readonly #url: string;

  private constructor(data: string, workbench: Workbench, browser: BrowserContext, open: readonly string[]) {
    this.#data = data;
    this.#workbench = workbench;
    this.#browser = browser;
    this.page = browser.pages()[0]!;
    this.#url = workbench.url({ open });
  }

  /**
   * @param text of the open file. @param settings of the user.
   * @param prepare changes the installed extension before it starts.
   */
  static async start(
    text: string,
    settings: Readonly<Record<string, unknown>> = {},
    prepare: (extension: string) => void = () => undefined,
  ): Promise<Editor> {
    const { packageExtension } = (await moduleOf("scripts/package.mjs")) as { packageExtension: () => Promise<string> };
    const { openBrowser } = (await moduleOf("test/vscode/browser.mjs")) as {
      openBrowser: (data: string, viewport: { width: number; height: number }) => Promise<BrowserContext>;
    };
    const { runServerCommand, startWorkbench } = (await moduleOf("test/vscode/workbench.mjs")) as {
      runServerCommand: (places: object, args: readonly string[]) => number;
      startWorkbench: (places: object) => Promise<Workbench>;
    };
    const data = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-sidebar-"));
    const folder = path.join(data, "workspace");
    mkdirSync(path.join(folder, "src"), { recursive: true });
    const file = path.join(folder, "src/area.ts");
    writeFileSync(file, text);
    const places = { data, extensions: path.join(data, "extensions") };
    mkdirSync(places.extensions);
    mkdirSync(path.join(data, "user/User"), { recursive: true });
    // In a browser, files are saved after a second, and a save adds an undo stop.
    const all = { "files.autoSave": "off", ...settings };
    writeFileSync(path.join(data, "user/User/settings.json"), JSON.stringify(all));
    if (runServerCommand(places, ["--install-extension", await packageExtension(), "--force"]) !== 0) {
      throw new Error("the extension could not be installed");
    }
    const [installed] = readdirSync(places.extensions).filter((name) => name.startsWith("rwkv-code."));
    prepare(path.join(places.extensions, installed!));
    const workbench = await startWorkbench(places);
    const browser = await openBrowser(data, { width: 1000, height: 800 });
    const editor = new Editor(data, workbench, browser, [folder, file]);
    editor.page.setDefaultTimeout(60_000);
    await editor.page.exposeFunction("codeAutomationLog", () => undefined);
    await editor.page.exposeFunction("codeAutomationExit", () => undefined);
    await editor.load();
    return editor;
  }

  /** Opens or reloads the window. */
  async load(): Promise<void> {
    await this.page.goto(this.#url);
    await this.page.waitForSelector('.statusbar-item[aria-label*="RWKV Code: Ready:"]');
  }

  /** The chat view's page, inside its two frames. */
  get chat(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
  }

  async command(name: string): Promise<void> {
    await this.page.keyboard.press("F1");
    await this.page.locator(".quick-input-widget input").first().fill(`>${name}`);
    await this.page.locator(`.quick-input-list .monaco-list-row:has-text("${name}")`).first().click();
  }

  /** The visible text of the open editor. */
  async text(): Promise<string> {
    const lines = await this.page
      .locator(".editor-instance .monaco-editor .view-line")
      .evaluateAll((all: HTMLElement[]) =>
        all
          .sort((a, b) => parseInt(a.style.top) - parseInt(b.style.top)) // the DOM order is the order of creation
          .map((line) => line.textContent),
      );
    return lines.join("\n").replaceAll("\u00a0", " ");
  }

  /** Resolves once the editor's text passes a test. */
  async shows(what: string, isThere: (text: string) => boolean): Promise<string> {
    const end = Date.now() + 60_000;
    for (;;) {
      const text = await this.text();
      if (isThere(text)) return text;
      if (Date.now() > end) throw new Error(`waited for ${what}; there is\n${text}`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Moves the cursor to the end of the text, as a user does. */
  async toEnd(): Promise<void> {
    await this.page.locator(".editor-instance .monaco-editor .view-lines").first().click();
    await this.page.keyboard.press("Control+End");
  }

  /** Chooses a color theme as a user does. */
  async theme(name: string): Promise<void> {
    await this.command("Preferences: Color Theme");
    await this.page.locator(".quick-input-widget input").first().fill(name);
    await this.page.locator(`.quick-input-list .monaco-list-row:has-text("${name}")`).first().waitFor();
    await this.page.keyboard.press("Enter");
  }

  /** Saves a screenshot in out/screenshots. */
  async picture(name: string): Promise<void> {
    mkdirSync("out/screenshots", { recursive: true });
    await this.page.screenshot({ path: `out/screenshots/${name}.png` });
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#workbench.stop();
    rmSync(this.#data, { recursive: true, force: true });
  }
}
