import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import test, { after, before } from "node:test";
import { violations } from "./axe.js";
import { ChatBrowser, type ChatPage } from "./chatPage.js";
import { fullState, message, state } from "./states.js";
import { themes } from "./themes.js";

const pictures = "out/screenshots";

let browser: ChatBrowser;
before(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await ChatBrowser.start();
});
after(() => browser.stop());

const states = {
  full: fullState,
  empty: state({
    deleted: "Why does the parser stop at a colon, and what would have to be changed for it to go on?",
    model: {
      name: "embedded",
      chat: "none",
      isScratchpad: false,
      problem: undefined,
      think: "unavailable",
      isLoading: false,
    },
  }),
  writing: state({
    messages: [
      message("u1", "user", "Why is it slow?", { branch: { number: 1, count: 2 } }),
      message("m1", "assistant", "", { ending: "failed", problem: "The server ended while the answer was written." }),
      message("u2", "user", "Again, please."),
      message("m2", "assistant", "The loop reads the file", { thinking: "Slow where?" }),
    ],
    model: {
      name: "",
      chat: "g1",
      isScratchpad: false,
      problem: "The model could not be loaded.",
      think: "off",
      isLoading: false,
    },
    writing: "m2",
  }),
};

for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
  for (const [name, shown] of Object.entries(states)) {
    test(`axe finds nothing in ${theme}, ${name}`, async () => {
      const chat = await browser.open(theme);
      await chat.postMessage({ kind: "state", state: shown });
      await chat.page.evaluate(() => document.fonts.ready);
      await chat.page.screenshot({ path: path.join(pictures, `chat-${theme}-${name}.png`) });
      assert.deepEqual(await violations(chat.page), []);
      await chat.close();
    });
  }
}

for (const [name, size, fontSize] of [
  ["at 250 pixels", { width: 250, height: 600 }, "13px"],
  ["at 200 % in a window of 420", { width: 210, height: 400 }, "13px"],
  ["with letters of twice the size", { width: 250, height: 600 }, "26px"],
] as const) {
  test(`nothing overflows horizontally ${name}`, async () => {
    const chat = await browser.open("dark", size);
    await chat.page.evaluate((value) => {
      document.documentElement.style.setProperty("--vscode-font-size", value);
    }, fontSize);
    await chat.postMessage({ kind: "state", state: fullState });
    await chat.page.screenshot({ path: path.join(pictures, `chat-${size.width}-${fontSize}.png`) });
    assert.deepEqual(await overflowing(chat), []);
    assert.ok(await chat.page.getByRole("button", { name: "Send" }).isVisible());
    await chat.close();
  });
}

test("the view is complete in forced colors", async () => {
  const chat = await browser.open("high-contrast");
  await chat.page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await chat.postMessage({ kind: "state", state: fullState });
  await chat.page.screenshot({ path: path.join(pictures, "chat-forced-colours.png") });
  assert.deepEqual(await violations(chat.page), []);
  await chat.close();
});

/** DOM elements that extend beyond the right edge of the page, except hidden ones and those in boxes that scroll. */
async function overflowing({ page }: ChatPage): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("body *")]
      .filter(
        (element) =>
          element.closest("pre, .table, .for-readers, h2") === null &&
          element.getBoundingClientRect().right > innerWidth,
      )
      .map((element) => `${element.tagName}.${element.className}`),
  );
}
