import type { ElementContent } from "hast";
import { common, createLowlight, type LanguageFn } from "lowlight";
import { element } from "../dom.js";

/** Longer code is not highlighted. */
const maxCharacters = 20_000;
/**
 * Grammars look ahead without bound, so their work grows with the square of the input. They are given code in chunks
 * of whole lines, or of 1,000 characters if a line is longer.
 */
const chunk = /[^]{1,1000}(?<=\n)|[^]{1,1000}/;

/** Bounds the nesting of elements: brackets may nest as deep as there are characters. */
const maxDepth = 20;

/** Aliases of languages: as a grammar's `subLanguage` only the registered name works. */
const aliases = new Map<string, string>();
const grammars = Object.entries(common).map(([name, language]) => [name, withoutGuessing(name, language)] as const);
const lowlight = createLowlight(Object.fromEntries(grammars));

/** Highlights code; undefined if it is not highlighted. */
export function highlighted(code: string, language: string): readonly Node[] | undefined {
  if (code.length > maxCharacters || language === "" || !lowlight.registered(language)) return undefined;
  const { children } = lowlight.highlight(inChunks(aliases.get(language) ?? language), code);
  return children.flatMap((node) => (node.type === "doctype" ? [] : nodesOf(node)));
}

/** A grammar that passes chunks to another one, which continues after the previous chunk. No fence can name it. */
function inChunks(language: string): string {
  const name = `${language} in chunks`;
  if (!lowlight.registered(name)) {
    // It ends at once: the chunk is what `begin` matched.
    lowlight.register(name, () => ({ contains: [{ begin: chunk, end: /\b|\B/, subLanguage: language }] }));
  }
  return name;
}

/** The fields of a grammar that embed other languages. */
interface Mode {
  subLanguage?: string | string[] | undefined;
  readonly contains?: readonly (Mode | "self")[] | undefined;
  readonly starts?: Mode | undefined;
}

/** A grammar with at most one embedded language each: otherwise highlight.js tries all of them on every chunk. */
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

/** The text of a node. Iterative: nesting may be too deep for recursion. */
function textOf(node: ElementContent): string {
  const texts: string[] = [];
  for (const rest = [node]; rest.length > 0;) {
    const next = rest.pop();
    if (next?.type === "text") texts.push(next.value);
    if (next?.type === "element") rest.push(...next.children.toReversed());
  }
  return texts.join("");
}
