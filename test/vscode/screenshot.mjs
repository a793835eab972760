// npm run screenshot: operates the real editor as a user would, and saves images in out/screenshots. The README shows
// two of them, typing.png (the animation) and chat-sidebar.png. To update those, copy them to media.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { packageExtension } from "../../scripts/package.mjs";
import { root } from "../../scripts/run.mjs";
import { takeChatPicture } from "./chatPicture.mjs";
import { takeGhostTextPictures } from "./ghostTextPictures.mjs";
import { takeMovingPicture } from "./movingPicture.mjs";

const pictures = path.join(root, "out/screenshots");
mkdirSync(pictures, { recursive: true });
const vsix = await packageExtension();
await takeMovingPicture(vsix, path.join(pictures, "typing.png"));
await takeGhostTextPictures(vsix, pictures);
await takeChatPicture(vsix, pictures);
console.log(`pictures in ${path.relative(root, pictures)}`);
