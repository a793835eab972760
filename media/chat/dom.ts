/** Helpers that create and change DOM elements. Strings become text nodes, so no text is ever parsed as HTML. */

type Attributes = Readonly<Record<string, string>>;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** An icon of VS Code's icon font, hidden from screen readers. */
export function icon(name: string): HTMLElement {
  return element("span", { class: `codicon codicon-${name}`, "aria-hidden": "true" });
}

export function iconButton(name: string, label: string, onClick: () => void): HTMLButtonElement {
  const button = element(
    "button",
    { type: "button", class: "icon-button", title: label, "aria-label": label },
    icon(name),
  );
  button.addEventListener("click", onClick);
  return button;
}

export function textButton(label: string, kind: "primary" | "secondary", onClick: () => void): HTMLButtonElement {
  const button = element("button", { type: "button", class: `button ${kind}` }, label);
  button.addEventListener("click", onClick);
  return button;
}

/** Changes the icon and the accessible name of an icon button. */
export function relabel(button: HTMLButtonElement, name: string, label: string): void {
  if (button.title === label) return;
  button.title = label;
  button.setAttribute("aria-label", label);
  button.replaceChildren(icon(name));
}

/** Sets an element's text only if it differs, so that a selection in it survives. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** True if an input method is composing a character with this key. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.key === "Process";
}
