// A headless Chromium that can reach only 127.0.0.1.
import path from "node:path";
import { chromium } from "playwright-core";
import { ensureChromium } from "./host.mjs";

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @returns {Promise<import("playwright-core").BrowserContext>} a context with one empty page */
export async function openBrowser(data, viewport = { width: 1280, height: 800 }) {
  const browser = await chromium.launchPersistentContext(path.join(data, "browser"), {
    executablePath: ensureChromium(),
    headless: true,
    viewport,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args,
  });
  const isElsewhere = (url) => /^(https?|wss?):$/.test(url.protocol) && url.hostname !== "127.0.0.1";
  await browser.route(isElsewhere, (route) => route.abort());
  return browser;
}
