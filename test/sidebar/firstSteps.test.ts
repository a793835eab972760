import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import type { Locator } from "playwright-core";
import { Editor } from "./editor.js";

let editor: Editor;
before(async () => {
  editor = await Editor.start("let a = 1;\n");
});
after(async () => {
  await editor.stop();
});

const rows = (text: string): Locator => editor.page.locator(".quick-input-list .monaco-list-row", { hasText: text });
const walkthrough = (): Locator => editor.page.locator(".gettingStartedContainer");
const sizes = { "": [1000, 800], "-200-percent": [500, 400] } as const;

/** Saves screenshots in the light and the dark theme, and in the dark theme also at 200 %. */
async function pictures(name: string): Promise<void> {
  await editor.theme("Light Modern");
  await editor.page.waitForTimeout(500); // until the list of themes has faded out
  await editor.picture(`${name}-light`);
  await editor.theme("Dark Modern");
  for (const [suffix, [width, height]] of Object.entries(sizes)) {
    await editor.page.setViewportSize({ width, height });
    await editor.page.waitForTimeout(500); // until the layout has changed
    await editor.picture(`${name}-dark${suffix}`);
  }
  await editor.page.setViewportSize({ width: 1000, height: 800 });
}

async function openWalkthrough(): Promise<void> {
  await editor.command("Welcome: Open Walkthrough");
  await rows("First Steps with RWKV Code").first().click();
  await walkthrough().getByRole("button", { name: "Open a Sample" }).waitFor();
}

const status = (text: string): Promise<void> =>
  editor.page.locator(`.statusbar-item[aria-label*="RWKV Code: ${text}"]`).waitFor();

test("the walkthrough's second sample gets a whole method, not the line of the first one", async () => {
  await openWalkthrough();
  await pictures("walkthrough");
  await walkthrough().getByRole("button", { name: "Generate in Another Sample" }).click();
  const body =
    /setDepth[^]*if \(depth < 0\) \{\s+throw new RangeError\("The depth is negative"\);\s+\}\s+this\.depth = depth;/;
  const text = await editor.shows("the method", (shown) => body.test(shown));
  assert.doesNotMatch(text, /The list of values is empty/);
  await pictures("walkthrough-generated");
});

test("the status item still shows that completions are off while the statistics have the focus", async () => {
  await editor.command("RWKV Code: Turn Completions On or Off for This Language");
  await status("Completions are off for TypeScript.");
  await editor.command("RWKV Code: Show Statistics");
  await editor.page.locator(".tab.active", { hasText: "Statistics" }).waitFor();
  await status("Completions are off for TypeScript.");
  await editor.picture("statistics-off");
});
