import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContext, FrameLocator, Locator, Page } from "playwright-core";

interface Workbench {
  readonly url: (options: { readonly open: readonly string[] }) => string;
  readonly stop: () => Promise<void>;
}

export interface EditorOptions {
  /** Called before the editor starts, to change the installed extension or the workspace. */
  readonly prepare?: (places: EditorPlaces) => void;
  /** The start of the status item's text once the model is loaded. */
  readonly ready?: string;
}

/** Folders of the installed extension and of the workspace. */
export interface EditorPlaces {
  readonly extension: string;
  readonly workspace: string;
}

/** One color theme of each kind. */
const themes = ["Light Modern", "Dark High Contrast", "Light High Contrast", "Dark Modern"] as const;

/** Path of the packaged extension, which scripts/browserTests.mjs makes once for all test files. */
const packaged = process.env["RWKV_CODE_VSIX"] ?? "";

/**
 * Called in the page. Whether the palette no longer shows what was asked for, because it has run the command. If it
 * closed because it lost the focus after the click, this is not noticed.
 */
function isPaletteDone(asked: string): boolean {
  const input = document.querySelector<HTMLInputElement>(".quick-input-widget input");
  return input?.offsetParent == null || input.value !== asked;
}

const moduleOf = (name: string): Promise<unknown> => import(pathToFileURL(path.resolve(name)).href);

/** A real VS Code with the packaged extension, displayed by Chromium. */
export class Editor {
  readonly page: Page;
  readonly places: EditorPlaces;
  readonly #data: string;
  readonly #workbench: Workbench;
  readonly #browser: BrowserContext;
  readonly #url: string;
  readonly #ready: string;

  private constructor(
    { data, ready, ...places }: EditorPlaces & { readonly data: string; readonly ready: string },
    workbench: Workbench,
    browser: BrowserContext,
    file: string,
  ) {
    this.#data = data;
    this.#ready = ready;
    this.places = places;
    this.#workbench = workbench;
    this.#browser = browser;
    this.page = browser.pages()[0]!;
    this.#url = workbench.url({ open: [places.workspace, file] });
  }

  /** @param text the text of the opened file. @param settings the user's settings. */
  static async start(
    text: string,
    settings: Readonly<Record<string, unknown>> = {},
    { prepare, ready = "Ready:" }: EditorOptions = {},
  ): Promise<Editor> {
    const { openBrowser } = (await moduleOf("test/vscode/browser.mjs")) as {
      openBrowser: (data: string, viewport: { width: number; height: number }) => Promise<BrowserContext>;
    };
    const { runServerCommand, startWorkbench } = (await moduleOf("test/vscode/workbench.mjs")) as {
      runServerCommand: (places: object, args: readonly string[]) => number;
      startWorkbench: (places: object) => Promise<Workbench>;
    };
    const data = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-sidebar-"));
    const workspace = path.join(data, "workspace");
    mkdirSync(path.join(workspace, "src"), { recursive: true });
    const file = path.join(workspace, "src/area.ts");
    writeFileSync(file, text);
    const places = { data, extensions: path.join(data, "extensions") };
    mkdirSync(places.extensions);
    mkdirSync(path.join(data, "user/User"), { recursive: true });
    // In a browser, VS Code saves files after a second by default, and each save would add an undo stop.
    const all = { "files.autoSave": "off", ...settings };
    writeFileSync(path.join(data, "user/User/settings.json"), JSON.stringify(all));
    if (runServerCommand(places, ["--install-extension", packaged, "--force"]) !== 0) {
      throw new Error("the extension could not be installed");
    }
    const [installed] = readdirSync(places.extensions).filter((name) => name.startsWith("rwkv-code."));
    const extension = path.join(places.extensions, installed!);
    prepare?.({ extension, workspace });
    const workbench = await startWorkbench(places);
    const browser = await openBrowser(data, { width: 1000, height: 800 });
    const editor = new Editor({ data, ready, extension, workspace }, workbench, browser, file);
    editor.page.setDefaultTimeout(60_000);
    await editor.page.exposeFunction("codeAutomationLog", () => undefined);
    await editor.page.exposeFunction("codeAutomationExit", () => undefined);
    try {
      await editor.load();
    } catch (error) {
      await editor.stop(); // an open browser would keep the test process alive
      throw error;
    }
    return editor;
  }

  /** Opens or reloads the window, and waits for the status item. */
  async load(): Promise<void> {
    await this.page.goto(this.#url);
    await this.page.waitForSelector(`.statusbar-item[aria-label*="RWKV Code: ${this.#ready}"]`);
  }

  /** The chat view's page, which is in two nested frames. */
  get chat(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
  }

  /** Runs a command from the command palette. */
  async command(name: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input").first();
    const asked = `>${name}`;
    for (let attempt = 1; ; attempt++) {
      try {
        await this.page.keyboard.press("F1");
        await input.fill(asked, { timeout: 5_000 });
        const row = this.page.locator(`.quick-input-list .monaco-list-row:has-text("${name}")`).first();
        await row.click({ timeout: 5_000 });
        // A click is lost if the palette redraws its rows at that moment. The command may open another list.
        await this.page.waitForFunction(isPaletteDone, asked, { timeout: 5_000 });
        return;
      } catch (error) {
        // Tries again: the palette may have closed because a page that was just opened took the focus, or because the
        // last list was still closing.
        if (attempt === 6) throw error;
      }
    }
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

  /** Waits until the editor's text passes a test. @returns that text. @throws Error after a minute. */
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

  /** Waits for a notification, whether it pops up or is only in the list that the bell opens. */
  async notification(text: string | RegExp): Promise<Locator> {
    const found = this.page.locator(".notification-list-item", { hasText: text }).first();
    // Notifications do not pop up while the list is open, nor while it closes after its last entry was removed.
    for (let attempt = 0; ; attempt++) {
      const isLast = attempt === 20;
      if (!isLast && (await found.isVisible())) return found;
      await this.command("Notifications: Show Notifications");
      try {
        await found.waitFor({ timeout: 3000 });
        return found;
      } catch (error) {
        if (!isLast) continue;
        const others = await this.page.locator(".notification-list-item").allTextContents();
        const status = await this.page
          .locator('.statusbar-item[aria-label*="RWKV"]')
          .first()
          .getAttribute("aria-label");
        const shown = JSON.stringify({ others, status, text: await this.text() });
        throw new Error(`no notification like ${text}; there are ${shown}`, { cause: error });
      }
    }
  }

  /** Saves screenshots of a notification: in each kind of theme, and at 200 %. */
  async notificationPictures(text: string | RegExp, name: string): Promise<void> {
    for (const theme of themes) {
      await this.theme(theme);
      await this.notification(text);
      await this.page.waitForTimeout(500); // until it has faded in
      await this.picture(`${name}-${theme.toLowerCase().replaceAll(" ", "-")}`);
    }
    await this.page.setViewportSize({ width: 500, height: 400 }); // has the layout of a window of 1000 by 800 at 200 %
    await this.notification(text);
    await this.page.waitForTimeout(500); // until it has faded in
    await this.picture(`${name}-200-percent`);
    await this.page.setViewportSize({ width: 1000, height: 800 });
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#workbench.stop();
    rmSync(this.#data, { recursive: true, force: true });
  }
}
