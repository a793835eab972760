import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test, { after, before } from "node:test";
import { Editor } from "./editor.js";

let editor: Editor;
before(async () => {
  editor = await Editor.start("let a = 1;\n");
});
after(async () => {
  await editor.stop();
});

const clear = (): Promise<void> => editor.command("Notifications: Clear All Notifications");

/** Waits for a completion server of this editor whose process id is not `before`. @returns its process id. */
async function serverPid(before?: number): Promise<number> {
  const server = path.join(editor.places.extension, "dist/server.js");
  for (let attempt = 0; attempt < 600; attempt++) {
    const pid = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .find((name) => {
        try {
          return Number(name) !== before && readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").includes(server);
        } catch {
          return false; // the process has exited in the meantime
        }
      });
    if (pid !== undefined) return Number(pid);
    await editor.page.waitForTimeout(50);
  }
  throw new Error("there is no completion server");
}

test("Trigger Completion says why nothing appears", async () => {
  await editor.page.locator(".editor-instance .monaco-editor .view-lines").first().click();
  await editor.page.keyboard.press("Control+Home");
  await editor.page.keyboard.press("ArrowRight"); // within a word nothing is completed
  await editor.command("RWKV Code: Trigger Completion");
  await editor.notificationPictures(/No completion here: /, "nothing-shown");
  await clear();
});

test("the status item says why the last request in this file showed nothing, not why one in another file did", async () => {
  const item = '.statusbar-item[aria-label*="RWKV Code: ';
  await editor.page.waitForSelector(`${item}Ready:"][aria-label*="Last request: nothing shown, "]`);
  await editor.command("File: New Untitled Text File");
  await editor.page.waitForSelector(`${item}"]:not([aria-label*="Last request"])`);
  await editor.command("View: Close Editor");
  await editor.page.waitForSelector(`${item}Ready:"][aria-label*="Last request: nothing shown, "]`);
});

test("a damaged embedded model is reported, with a button to reinstall, which opens the extension's page", async () => {
  const weights = path.join(editor.places.extension, "models/default/model.safetensors");
  const whole = readFileSync(weights);
  const damaged = Buffer.from(whole);
  damaged[damaged.length - 1]! ^= 1;
  writeFileSync(weights, damaged);
  await editor.command("RWKV Code: Restart Server");
  const said = /comes with the extension is damaged\. Reinstall the extension/;
  await editor.notificationPictures(said, "reinstall");
  const notification = await editor.notification(said);
  await notification.getByRole("button", { name: "Reinstall…", exact: true }).click();
  await editor.page.locator(".extension-editor").waitFor();
  await editor.picture("reinstall-page");
  writeFileSync(weights, whole);
  await editor.page.locator(".tab", { hasText: "area.ts" }).click(); // keys typed into the page's frame may be lost
  await clear();
  await editor.command("RWKV Code: Restart Server");
  await editor.page.waitForSelector('.statusbar-item[aria-label*="RWKV Code: Ready:"]');
});

test("a server that crashes again and again is not restarted without the user, who can restart it", async () => {
  let pid: number | undefined;
  for (let crash = 0; crash < 5; crash++) {
    pid = await serverPid(pid);
    process.kill(pid, "SIGKILL");
  }
  const said = /crashed several times in a row and was not restarted/;
  await editor.notification(said);
  const all = await editor.page.locator(".notification-list-item").allTextContents();
  assert.equal(all.length, 1, `others are the library's: ${all.join(" | ")}`);
  await editor.notificationPictures(said, "restart");
  await editor.page.locator('.statusbar-item[aria-label*="RWKV Code"]').first().click();
  const row = editor.page.locator(".quick-input-list .monaco-list-row").first();
  await row.waitFor();
  assert.match((await row.textContent()) ?? "", /Restart Server/);
  await editor.picture("restart-menu");
  await editor.page.keyboard.press("Escape");
  const notification = await editor.notification(said);
  await notification.getByRole("button", { name: "Restart", exact: true }).click();
  await editor.page.waitForSelector('.statusbar-item[aria-label*="RWKV Code: Ready:"]');
});
