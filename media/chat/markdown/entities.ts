import { characterEntities } from "character-entities";

/** Replaces character references such as `&lt;` and `&#60;` with the characters. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi,
    (reference, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined)
        return Object.hasOwn(characterEntities, name) ? (characterEntities[name] ?? reference) : reference;
      const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
    },
  );
}
