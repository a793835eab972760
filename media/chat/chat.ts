/** The chat view's script. It shows the state that the host sends, and reports what the user does. */
import type { ToView } from "../../src/shared/chatMessages.js";
import { Composer } from "./composer.js";
import { DeletedNotice } from "./deletedNotice.js";
import { element } from "./dom.js";
import { Header } from "./header.js";
import { Host, pageTexts } from "./host.js";
import { ProblemNotice } from "./problemNotice.js";
import { StatusLine } from "./statusLine.js";
import { Transcript } from "./transcript.js";

const host = new Host();
const context = {
  texts: pageTexts(),
  post: host.post,
};
const header = new Header(context);
const transcript = new Transcript(context);
const composer = new Composer(context, (text) => {
  host.post({ kind: "draft", text });
});
const problem = new ProblemNotice();
const deleted = new DeletedNotice(context);
const statusLine = new StatusLine(context);
const parts = [header, transcript, problem, deleted, composer, statusLine];
document.body.append(
  header.element,
  transcript.element,
  element("footer", {}, problem.element, deleted.element, composer.element, statusLine.element),
);

let isWriting = false;

addEventListener("message", ({ data }: MessageEvent<ToView>) => {
  switch (data.kind) {
    case "state": {
      const focused = document.activeElement;
      isWriting = data.state.writing !== undefined;
      for (const part of parts) part.show(data.state);
      if (hasLostFocus(focused)) composer.focus();
      break;
    }
    case "delta":
      transcript.append(data.messageId, data.thinking, data.text);
      break;
    case "compose":
      composer.compose(data.text);
      break;
    case "draft":
      composer.restore(data.text);
      break;
    case "focus":
      if (data.isAttached) composer.removeMention();
      composer.focus();
      break;
  }
});

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isWriting && !event.isComposing) host.post({ kind: "stop" });
});

// A user who enters the view wants to write.
addEventListener("focus", () => {
  if (document.activeElement === document.body) composer.focus();
});

/**
 * True if the DOM element that had the focus was removed or hidden, and no other element has the focus now. False while
 * the focus is outside the view, because the user works there.
 */
function hasLostFocus(focused: Element | null): boolean {
  if (!document.hasFocus() || focused === null || focused === document.body || focused.checkVisibility()) return false;
  // A hidden element keeps the focus until the page is painted.
  return document.activeElement === focused || document.activeElement === document.body;
}

host.post({ kind: "ready" });
