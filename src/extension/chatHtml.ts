import type * as vscode from "vscode";
import type { ChatTexts } from "../shared/chatTexts.js";

/** The view's files, dist/chat.js and dist/chat.css; the icon font is in the same folder. */
export interface ChatFiles {
  readonly script: vscode.Uri;
  readonly style: vscode.Uri;
}

/** The page of the chat view. The localized texts are embedded as data, because the view's script contains none. */
export function chatHtml(
  webview: Pick<vscode.Webview, "cspSource" | "asWebviewUri">,
  files: ChatFiles,
  nonce: string,
  texts: ChatTexts,
): string {
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const uri = (file: vscode.Uri): string => escaped(webview.asWebviewUri(file).toString());
  return `<!DOCTYPE html>
<html lang="${escaped(texts.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>RWKV Code</title>
<link rel="stylesheet" href="${uri(files.style)}">
</head>
<body>
<script type="application/json" id="texts">${jsonInHtml(texts)}</script>
<script nonce="${escaped(nonce)}" src="${uri(files.script)}"></script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON for a `script` element. It contains no `<`, so it cannot contain the element's end tag. */
function jsonInHtml(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c");
}
