// npm run screenshot: uses the real editor as a user does and takes pictures, in out/screenshots. The README shows
// ghost-text.png and chat-sidebar.png of them, as media/screenshot.png and media/chat-sidebar.png.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { packageExtension } from "../../scripts/package.mjs";
import { root } from "../../scripts/run.mjs";
import { takeChatPicture } from "./chatPicture.mjs";
import { takeGhostTextPictures } from "./ghostTextPictures.mjs";

const pictures = path.join(root, "out/screenshots");
mkdirSync(pictures, { recursive: true });
const vsix = await packageExtension();
await takeGhostTextPictures(vsix, pictures);
await takeChatPicture(vsix, pictures);
console.log(`pictures in ${path.relative(root, pictures)}`);
