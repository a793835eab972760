// Takes screenshots of the embedded model's ghost text (shown, accepted, undone), of the menu, and of generated code.
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../../scripts/run.mjs";
import { withPicturedEditor } from "./picturedEditor.mjs";

/** @param {string} vsix the packaged extension. @param {string} pictures the folder for the images. */
export async function takeGhostTextPictures(vsix, pictures) {
  const text = readFileSync(path.join(root, "media/sample.ts"), "utf8").trimEnd().replace(/\n.*$/, "\n");
  const settings = { "rwkvCode.confidence": "always" }; // shows everything that the model writes
  await withPicturedEditor(vsix, { text, settings, size: { width: 1100, height: 640 } }, async (page) => {
    const picture = (name) => page.screenshot({ path: path.join(pictures, `${name}.png`) });
    await page.keyboard.press("Control+b");
    await page.click(".monaco-editor .view-lines");
    await page.keyboard.press("Control+End");
    await page.keyboard.type("  for (let", { delay: 60 });
    await page.waitForSelector(".monaco-editor .ghost-text-decoration");
    await picture("ghost-text");
    await page.keyboard.press("Tab");
    await page.waitForFunction(() => document.querySelector(".ghost-text-decoration") === null);
    await picture("accepted");
    await page.keyboard.press("Control+z");
    await picture("undone");
    await page.click('.statusbar-item[aria-label*="RWKV Code"]');
    await page.waitForSelector(".quick-input-list .monaco-list-row");
    await page.locator(".quick-input-widget").evaluate(async (widget) => {
      await Promise.all(widget.getAnimations().map(({ finished }) => finished)); // until it has faded in
    });
    await picture("menu");
    // Closes the menu; the cursor stays before the parenthesis that the editor has added.
    await page.keyboard.press("Escape");
    const before = await page.textContent(".monaco-editor .view-lines");
    await page.click('.statusbar-item[aria-label*="RWKV Code"]');
    await page.click('.quick-input-list .monaco-list-row:has-text("Generate at Cursor")');
    await page.waitForFunction(
      (shown) => document.querySelector(".monaco-editor .view-lines")?.textContent !== shown,
      before,
    );
    await page.waitForSelector(".notification-toast .monaco-progress-container", { state: "detached" });
    await picture("generated");
  });
}
