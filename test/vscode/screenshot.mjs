// npm run screenshot: types in the real editor as a user does and takes pictures; says how late a popup comes.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { packageExtension } from "../../scripts/package.mjs";
import { root } from "../../scripts/run.mjs";
import { openBrowser } from "./browser.mjs";
import { runServerCommand, startWorkbench } from "./workbench.mjs";

const pictures = path.join(root, "out/screenshots");
mkdirSync(pictures, { recursive: true });
const data = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-screenshot-"));
const folder = path.join(data, "geometry");
mkdirSync(path.join(folder, "src"), { recursive: true });
const file = path.join(folder, "src/sample.ts");
writeFileSync(file, readFileSync(path.join(root, "media/sample.ts"), "utf8").trimEnd().replace(/\n.*$/, "\n"));
writeSettings({
  "rwkvCode.confidence": "always", // the whole of what the model writes
  "workbench.colorTheme": "Default Dark Modern",
  "editor.fontSize": 16,
  "editor.minimap.enabled": false,
});

const places = { data, extensions: path.join(data, "extensions") };
mkdirSync(places.extensions);
if (runServerCommand(places, ["--install-extension", await packageExtension(), "--force"]) !== 0) process.exit(1);
const workbench = await startWorkbench(places);
const browser = await openBrowser(data, { width: 1100, height: 640 });
try {
  const page = browser.pages()[0] ?? (await browser.newPage());
  await page.exposeFunction("codeAutomationLog", () => undefined);
  await page.exposeFunction("codeAutomationExit", () => undefined);
  await page.goto(workbench.url({ open: [folder, file] }));
  await page.waitForSelector(".monaco-editor .view-lines");
  await page.keyboard.press("Control+b");
  await page.waitForSelector('.statusbar-item[aria-label*="RWKV Code: Ready:"]', { timeout: 60_000 });
  await page.click(".monaco-editor .view-lines");
  await page.keyboard.press("Control+End");
  await page.keyboard.type("  for (let", { delay: 60 });
  await page.waitForSelector(".monaco-editor .ghost-text-decoration");
  await page.screenshot({ path: path.join(pictures, "ghost-text.png") });
  await page.keyboard.press("Tab");
  await page.waitForFunction(() => document.querySelector(".ghost-text-decoration") === null);
  await page.screenshot({ path: path.join(pictures, "accepted.png") });
  await page.keyboard.press("Control+z");
  await page.screenshot({ path: path.join(pictures, "undone.png") });
  await page.click('.statusbar-item[aria-label*="RWKV Code"]');
  await page.waitForSelector(".quick-input-list .monaco-list-row");
  await page.screenshot({ path: path.join(pictures, "menu.png") });
  await page.keyboard.press("Escape");
  await page.click(".monaco-editor .view-lines");
  await page.keyboard.press("Control+End");
  const before = await page.textContent(".monaco-editor .view-lines");
  await page.click('.statusbar-item[aria-label*="RWKV Code"]');
  await page.click('.quick-input-list .monaco-list-row:has-text("Generate at Cursor")');
  await page.waitForFunction(
    (text) => document.querySelector(".monaco-editor .view-lines")?.textContent !== text,
    before,
  );
  await page.waitForSelector(".notification-toast .monaco-progress-container", { state: "detached" });
  await page.screenshot({ path: path.join(pictures, "generated.png") });
  console.log(`pictures in ${path.relative(root, pictures)}`);
} finally {
  await browser.close();
  await workbench.stop();
  rmSync(data, { recursive: true, force: true });
}

function writeSettings(settings) {
  const user = path.join(data, "user/User");
  mkdirSync(user, { recursive: true });
  writeFileSync(path.join(user, "settings.json"), JSON.stringify(settings));
}
