// Takes the screenshot of the chat in the sidebar. The embedded model was not trained to chat, so the replies come from
// the tests' scripted model; the README says so below the screenshot.
import esbuild from "esbuild";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/run.mjs";
import { withPicturedEditor } from "./picturedEditor.mjs";

const modelName = "answers-by-heart";
const loop = `  for (let i = 1; i < points.length; i++) {
    length += distance(points[i - 1], points[i]);
  }
  return length;
}
`;
const turns = [
  {
    asks: "What does this give for a single point?",
    says: `**0**: the loop begins at the second point, and there is none. So it does for no point at all.`,
  },
  {
    asks: "Can it be said without a loop?",
    says: `Yes, leg by leg:

\`\`\`typescript
const legs = points.slice(1).map((to, i) =>
  distance(points[i], to),
);
return legs.reduce((a, b) => a + b, 0);
\`\`\`

\`slice(1)\` leaves out the first point, so \`points[i]\` is the one before \`to\`.
`,
  },
];

/** @param {string} vsix the packaged extension. @param {string} pictures the folder for the image. */
export async function takeChatPicture(vsix, pictures) {
  const model = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-talking-"));
  const { writeScriptedChatModel } = await scriptedChatModel();
  const replies = turns.map(({ asks, says }) => ({ after: `${asks}\n\nAssistant:`, says: ` ${says}` }));
  writeScriptedChatModel(model, { name: modelName, chat: "world", layers: 12, replies });
  const text = readFileSync(path.join(root, "media/sample.ts"), "utf8").trimEnd().replace(/\n.*$/, `\n${loop}`);
  const settings = { "rwkvCode.model": model, "editor.fontSize": 14 };
  try {
    await withPicturedEditor(vsix, { text, settings, size: { width: 1140, height: 800 } }, (page) =>
      takePicture(page, path.join(pictures, "chat-sidebar.png")),
    );
  } finally {
    rmSync(model, { recursive: true });
  }
}

async function takePicture(page, file) {
  const lines = loop.split("\n").length - 1 + 2; // the lines of the loop, and the first two of the sample's function
  await page.waitForSelector(`.statusbar-item[aria-label*="Ready: ${modelName}"]`);
  await page.click(".monaco-editor .view-lines");
  await page.keyboard.press("Control+End");
  for (let line = 0; line < lines; line++) await page.keyboard.press("Shift+ArrowUp");
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").first().fill(">RWKV Code: Open Chat");
  await page.locator('.quick-input-list .monaco-list-row:has-text("RWKV Code: Open Chat")').first().click();
  const chat = page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
  const input = chat.getByRole("textbox", { name: "Message" });
  await input.waitFor();
  await widenSidebar(page, 490);
  await chat.getByRole("button", { name: "Attach Selection" }).click();
  await chat
    .locator(".chip")
    .getByText(/\d+ tokens/)
    .waitFor();
  for (const [i, { asks }] of turns.entries()) {
    await input.fill(asks);
    await input.press("Enter");
    await chat.locator(".message.assistant").nth(i).waitFor();
    await chat.locator(".message.writing").waitFor({ state: "detached" });
  }
  await chat.locator("pre code span").first().waitFor(); // code is highlighted only once it is complete
  await page.mouse.move(800, 600); // so that no button's tooltip is shown
  await page.screenshot({ path: file });
}

/** @param {number} width in pixels, including the activity bar */
async function widenSidebar(page, width) {
  const { x, width: own, y } = await page.locator(".part.sidebar").boundingBox();
  await page.mouse.move(x + own, y + 300);
  await page.mouse.down();
  await page.mouse.move(width, y + 300, { steps: 5 });
  await page.mouse.up();
}

/** Bundles the tests' helper, because it is written in TypeScript. */
async function scriptedChatModel() {
  const outfile = path.join(root, "out/screenshots/scriptedChatModel.cjs");
  const entryPoints = [path.join(root, "test/support/scriptedChatModel.ts")];
  await esbuild.build({ entryPoints, outfile, bundle: true, platform: "node", format: "cjs", target: "node20" });
  return import(pathToFileURL(outfile).href);
}
