import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { ChatBrowser, type ChatPage } from "./chatPage.js";
import { message, state } from "./states.js";

let browser: ChatBrowser;
before(async () => {
  browser = await ChatBrowser.start();
});
after(() => browser.stop());

const shown = ".message.assistant .markdown";

async function show(text: string): Promise<ChatPage> {
  const chat = await browser.open();
  const messages = [message("u1", "user", text), message("m1", "assistant", text)];
  await chat.postMessage({ kind: "state", state: state({ messages }) });
  return chat;
}

const markup: Readonly<Record<string, string>> = {
  "**注意：**请先安装": "<strong>注意：</strong>请先安装",
  "**“引号”**后面": "<strong>“引号”</strong>后面",
  "见**“引号”**。": "见<strong>“引号”</strong>。",
  "**`npm i`**を実行": "<strong><code>npm i</code></strong>を実行",
  "**중요(!)**합니다": "<strong>중요(!)</strong>합니다",
  "**中文**和**中文**": "<strong>中文</strong>和<strong>中文</strong>",
  "中** a**": "中** a**",
  "2 ** 3，** 4": "2 ** 3，** 4",
  "**x:**y": "**x:**y", // between Latin letters, CommonMark's rules apply
};
for (const [text, html] of Object.entries(markup)) {
  test(`emphasis next to letters written without spaces: ${text}`, async () => {
    const chat = await show(text);
    assert.equal(await chat.page.locator(`${shown} p`).evaluate((node) => node.innerHTML), html);
    await chat.close();
  });
}

test("a link ends before Chinese and Japanese punctuation", async () => {
  const chat = await show("参见https://example.org/a。然后（https://example.org/b）、https://example.org/c?d=1.");
  assert.deepEqual(await chat.page.getByRole("link").allInnerTexts(), [
    "https://example.org/a",
    "https://example.org/b",
    "https://example.org/c?d=1",
  ]);
  await chat.close();
});

test("right-to-left text is aligned right, and text beside it left", async () => {
  const chat = await show("שלום עולם");
  const isAtRight = (selector: string): Promise<boolean> =>
    chat.page.locator(selector).evaluate((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      const [line] = range.getClientRects();
      const box = node.getBoundingClientRect();
      return line !== undefined && box.right - line.right < line.left - box.left;
    });
  assert.equal(await isAtRight(`${shown} p`), true);
  const answer = message("m1", "assistant", "Hello\n\nשלום");
  await chat.postMessage({ kind: "state", state: state({ messages: [answer] }) });
  assert.equal(await isAtRight(`${shown} p >> nth=0`), false);
  assert.equal(await isAtRight(`${shown} p >> nth=1`), true);
  await chat.close();
});

test("tasks have checkboxes, even in lists with blank lines", async () => {
  const chat = await show("- [ ] one\n\n- [x] two\n\n  more");
  assert.deepEqual(await chat.page.locator(`${shown} li`).allInnerTexts(), ["☐ one", "☑ two\n\nmore"]);
  await chat.close();
});

/** The HTML that the view shows for a reply. */
async function htmlOf(text: string, isWriting = false): Promise<string> {
  const chat = await browser.open();
  const messages = [message("u1", "user", "?"), message("m1", "assistant", text)];
  await chat.postMessage({ kind: "state", state: state({ messages, writing: isWriting ? "m1" : undefined }) });
  const html = await chat.page.locator(shown).evaluate((node) => node.innerHTML);
  await chat.close();
  return html;
}

/** The code that the first block's Copy button copies. */
async function copied(text: string): Promise<string> {
  const chat = await show(text);
  await chat.posted();
  await chat.page.locator(".code-block").first().getByRole("button", { name: "Copy" }).click();
  const [first] = await chat.posted();
  await chat.close();
  return first?.kind === "copy" ? first.code : JSON.stringify(first);
}

const makefile = "all:\n\techo hi\tthere\n\t\tdeeper";
const lists: Readonly<Record<string, (code: string) => string>> = {
  "an ordered list": (code) => `1. Write this:\n   \`\`\`make\n${indentedBy("   ", code)}\n   \`\`\`\n2. Run it.`,
  "a list with dashes": (code) => `- Write this:\n\n  ~~~make\n${indentedBy("  ", code)}\n  ~~~\n`,
  "a nested list": (code) => `- a\n  - b\n    \`\`\`make\n${indentedBy("    ", code)}\n    \`\`\``,
  "a list whose item is the fence": (code) => `- \`\`\`make\n${indentedBy("  ", code)}\n  \`\`\``,
  "a quote": (code) => `> \`\`\`make\n${indentedBy("> ", code)}\n> \`\`\``,
  "no list": (code) => `\`\`\`make\n${code}\n\`\`\``,
};
for (const [container, wrapped] of Object.entries(lists)) {
  test(`copied code keeps its tabs in ${container}`, async () => {
    assert.equal(await copied(wrapped(makefile)), makefile);
  });
}

function indentedBy(prefix: string, code: string): string {
  return code.replace(/^/gm, prefix);
}

test("a block of Markdown is one block, with the fences in it", async () => {
  const inner = "# Title\n\n```js\nconst x = 1;\n```\n\nMore:\n\n```\nplain\n```";
  const once = "# Title\n```js\nconst x = 1;\n```\nend";
  assert.equal(await copied(`\`\`\`markdown\n${once}\n\`\`\`\n\nAfter.`), once);
  assert.equal(await copied(`\`\`\`\`markdown\n${inner}\n\`\`\`\`\n\nAfter.`), inner);
});

test("a new list is not shown as a heading while its first item is being written", async () => {
  for (const text of ["Steps:\n-", "Steps:\n- ", "Steps:\n--", "Steps:\n="]) {
    assert.equal(await htmlOf(text, true), "<p>Steps:</p>", JSON.stringify(text));
  }
  assert.match(await htmlOf("Steps:\n---"), /^<h3/);
  assert.match(await htmlOf("Steps:\n- one", true), /^<p>Steps:<\/p><ul>/);
});

const inline: Readonly<Record<string, string>> = {
  "a<br>b": "a<br>b",
  "x &le; y &ne; &alpha; &nosuch; &#8364;": "x ≤ y ≠ α &amp;nosuch; €",
  "\\(a_b_c\\) and \\[x_1\\]": "\\(a_b_c\\) and \\[x_1\\]",
  "$x_a_ + y_b_$ is **big**": "$x_a_ + y_b_$ is <strong>big</strong>",
  "$$\n\\frac{a}{b}_c_\n$$": "$$\n\\frac{a}{b}_c_\n$$",
  "it costs $5 and _not_ $10": "it costs $5 and <em>not</em> $10",
  "~/a and ~/b~, ~~gone~~": "~/a and ~/b~, <del>gone</del>",
  "\\*not emphasis\\*": "*not emphasis*",
};
for (const [text, html] of Object.entries(inline)) {
  test(`inline text is shown as intended: ${JSON.stringify(text)}`, async () => {
    assert.equal(await htmlOf(text), `<p>${html}</p>`);
  });
}

test("a line break within a table cell is kept", async () => {
  assert.match(await htmlOf("| a | b |\n|--|--|\n| x<br>y&le; | `z` |"), /<td>x<br>y≤<\/td><td><code>z<\/code><\/td>/);
});

test("a long paragraph keeps its emphasis", async () => {
  const html = await htmlOf(`${"word **bold** and `code` ".repeat(400)}end`);
  assert.equal(html.split("<strong>bold</strong>").length - 1, 400);
  assert.equal(html.split("<code>code</code>").length - 1, 400);
});

test("a relative link opens a file of the workspace; any other path is text", async () => {
  const chat = await show("See [the parser](./src/my%20parser.ts#L3), [b](/etc/passwd) and [c](#top).");
  await chat.posted();
  assert.deepEqual(await chat.page.getByRole("link").allInnerTexts(), ["the parser"]);
  await chat.page.getByRole("link").click();
  assert.deepEqual(await chat.posted(), [{ kind: "openFile", path: "./src/my parser.ts" }]);
  await chat.close();
});
