import type { ElementContent } from "hast";
import { common, createLowlight } from "lowlight";
import { element } from "../dom.js";

/** Colouring takes time in proportion; what is longer stays plain. */
const maxCharacters = 20_000;

const lowlight = createLowlight(common);

/** The code with its words marked by kind; undefined where it stays plain. */
export function highlighted(code: string, language: string): readonly Node[] | undefined {
  if (code.length > maxCharacters || language === "" || !lowlight.registered(language)) return undefined;
  return lowlight.highlight(language, code).children.flatMap((node) => (node.type === "doctype" ? [] : nodesOf(node)));
}

function nodesOf(node: ElementContent): readonly Node[] {
  switch (node.type) {
    case "text":
      return [document.createTextNode(node.value)];
    case "element": {
      const classes = node.properties.className;
      const kinds = Array.isArray(classes) ? classes.join(" ") : "";
      return [element("span", { class: kinds }, ...node.children.flatMap(nodesOf))];
    }
    default:
      return [];
  }
}
