import type { ElementContent } from "hast";
import { common, createLowlight, type LanguageFn } from "lowlight";
import { element } from "../dom.js";

/** What is longer stays plain. */
const maxCharacters = 20_000;
/**
 * Grammars look ahead without bound, so their work grows with the square of what they are given: they get code in pieces
 * of whole lines, or of so many characters of a longer line.
 */
const piece = /[^]{1,1000}(?<=\n)|[^]{1,1000}/;

/** Words within words: brackets may nest as deep as there are characters. */
const maxDepth = 20;

/** Other names of languages: within a grammar only the first counts. */
const aliases = new Map<string, string>();
const grammars = Object.entries(common).map(([name, language]) => [name, withoutGuessing(name, language)] as const);
const lowlight = createLowlight(Object.fromEntries(grammars));

/** The code with its words marked by kind; undefined where it stays plain. */
export function highlighted(code: string, language: string): readonly Node[] | undefined {
  if (code.length > maxCharacters || language === "" || !lowlight.registered(language)) return undefined;
  const { children } = lowlight.highlight(inPieces(aliases.get(language) ?? language), code);
  return children.flatMap((node) => (node.type === "doctype" ? [] : nodesOf(node)));
}

/** A grammar of pieces in another language, each continuing after the one before. No fence can name it. */
function inPieces(language: string): string {
  const name = `${language} in pieces`;
  if (!lowlight.registered(name)) {
    // It ends at once: a piece is all that it begins with.
    lowlight.register(name, () => ({ contains: [{ begin: piece, end: /\b|\B/, subLanguage: language }] }));
  }
  return name;
}

/** What of a grammar says what is embedded in it. */
interface Mode {
  subLanguage?: string | string[] | undefined;
  readonly contains?: readonly (Mode | "self")[] | undefined;
  readonly starts?: Mode | undefined;
}

/** A grammar that tries no more than one language on what is embedded: each piece would be tried in all of them. */
function withoutGuessing(name: string, language: LanguageFn): LanguageFn {
  return (hljs) => {
    const grammar = language(hljs);
    for (const alias of grammar.aliases ?? []) aliases.set(alias.toLowerCase(), name);
    takeFirst(grammar, new Set()); // the library's own type has the same fields
    return grammar;
  };
}

/** Modes may contain each other. */
function takeFirst(mode: Mode, seen: Set<Mode>): void {
  if (seen.has(mode)) return;
  seen.add(mode);
  if (Array.isArray(mode.subLanguage)) mode.subLanguage = mode.subLanguage[0];
  if (mode.starts !== undefined) takeFirst(mode.starts, seen);
  for (const inner of mode.contains ?? []) if (inner !== "self") takeFirst(inner, seen);
}

function nodesOf(node: ElementContent, depth = 0): readonly Node[] {
  switch (node.type) {
    case "text":
      return [document.createTextNode(node.value)];
    case "element": {
      if (depth === maxDepth) return [document.createTextNode(textOf(node))];
      const classes = node.properties.className;
      const kinds = Array.isArray(classes) ? classes.join(" ") : "";
      return [element("span", { class: kinds }, ...node.children.flatMap((inner) => nodesOf(inner, depth + 1)))];
    }
    default:
      return [];
  }
}

/** The text of a node, however deep it is nested. */
function textOf(node: ElementContent): string {
  const texts: string[] = [];
  for (const rest = [node]; rest.length > 0;) {
    const next = rest.pop();
    if (next?.type === "text") texts.push(next.value);
    if (next?.type === "element") rest.push(...next.children.toReversed());
  }
  return texts.join("");
}
