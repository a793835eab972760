/** Short ways to make elements. Text goes in as text: no string is ever read as HTML. */

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

/** An icon of VS Code's font, for the eye only. */
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

/** Changes an icon button's icon and name. */
export function relabel(button: HTMLButtonElement, name: string, label: string): void {
  if (button.title === label) return;
  button.title = label;
  button.setAttribute("aria-label", label);
  button.replaceChildren(icon(name));
}

/** Sets a text where it is another one, so that what is selected in it survives. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Whether the key takes part in writing a character (an input method's window is open). */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.key === "Process";
}
