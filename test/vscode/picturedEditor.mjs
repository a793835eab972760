// Runs the real editor with the packaged extension and one open file, for screenshots.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { openBrowser } from "./browser.mjs";
import { runServerCommand, startWorkbench } from "./workbench.mjs";

const look = {
  "workbench.colorTheme": "Default Dark Modern",
  "editor.fontSize": 16,
  "editor.minimap.enabled": false,
};

/** Settings with which the editor adds nothing to what is typed, and highlights little. */
export const plainSettings = {
  "editor.autoClosingBrackets": "never",
  "editor.autoClosingQuotes": "never",
  "editor.autoIndent": "none",
  "editor.guides.indentation": false,
  "editor.quickSuggestions": { other: "off" },
  "editor.cursorBlinking": "solid",
  "editor.matchBrackets": "never",
  "editor.bracketPairColorization.enabled": false,
  "editor.stickyScroll.enabled": false,
  "editor.occurrencesHighlight": "off",
  "editor.renderLineHighlight": "none",
  "breadcrumbs.enabled": false,
};
/**
 * @param {string} vsix the packaged extension
 * @param {{name?: string, text: string, settings: object, size: {width: number, height: number}}} options name and text
 * of the open file, the user's settings, and the window's size in pixels
 * @param {(page: import("playwright-core").Page) => Promise<void>} use called once the model is loaded; when its
 * promise has resolved, everything is stopped
 */
export async function withPicturedEditor(vsix, { name = "src/sample.ts", text, settings, size }, use) {
  const data = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-screenshot-"));
  const folder = path.join(data, "geometry");
  const file = path.join(folder, name);
  const user = path.join(data, "user/User");
  const places = { data, extensions: path.join(data, "extensions") };
  for (const place of [path.dirname(file), user, places.extensions]) mkdirSync(place, { recursive: true });
  writeFileSync(file, text);
  writeFileSync(path.join(user, "settings.json"), JSON.stringify({ ...look, ...settings }));
  if (runServerCommand(places, ["--install-extension", vsix, "--force"]) !== 0) {
    throw new Error("the extension could not be installed");
  }
  const workbench = await startWorkbench(places);
  try {
    const browser = await openBrowser(data, size);
    try {
      const page = browser.pages()[0] ?? (await browser.newPage());
      await page.exposeFunction("codeAutomationLog", () => undefined);
      await page.exposeFunction("codeAutomationExit", () => undefined);
      await page.goto(workbench.url({ open: [folder, file] }));
      await page.waitForSelector(".monaco-editor .view-lines");
      await page.waitForSelector('.statusbar-item[aria-label*="RWKV Code: Ready:"]', { timeout: 60_000 });
      await use(page);
    } finally {
      await browser.close();
    }
  } finally {
    await workbench.stop();
    rmSync(data, { recursive: true, force: true });
  }
}
