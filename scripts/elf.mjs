// Reads the dynamic symbols of a 64-bit little-endian ELF file with their versions (System V ABI; LSB, "Symbol
// Versioning").
import { readFileSync } from "node:fs";

const sectionTypes = { strings: 3, dynamicSymbols: 11, defined: 0x6ffffffd, needed: 0x6ffffffe, versions: 0x6fffffff };
/** Flag in a symbol's version index: this is not the symbol's default version. */
const hiddenBit = 0x8000;

/**
 * @typedef {object} DynamicSymbol
 * @property {string} name
 * @property {string | undefined} version for example GLIBC_2.14
 * @property {boolean} isDefined
 * @property {boolean} isWeak
 * @property {boolean} isObject true for data, false for a function
 */

/** @returns {DynamicSymbol[]} @throws Error if the file is not a 64-bit little-endian ELF file. */
export function dynamicSymbols(file) {
  const bytes = readFileSync(file);
  if (bytes.toString("latin1", 0, 6) !== "\x7fELF\x02\x01") throw new Error(`${file} is not a 64-bit ELF file`);
  const sections = sectionsOf(bytes);
  const find = (type) => sections.find((section) => section.type === type);
  const table = find(sectionTypes.dynamicSymbols);
  if (table === undefined) return [];
  const text = textAt(bytes, sections[table.link].offset);
  const names = versionNames(bytes, sections);
  const indices = find(sectionTypes.versions);
  return Array.from({ length: table.size / 24 - 1 }, (_, i) => {
    const at = table.offset + 24 * (i + 1); // the first entry is reserved
    const index = indices === undefined ? 0 : bytes.readUInt16LE(indices.offset + 2 * (i + 1)) & ~hiddenBit;
    return {
      name: text(bytes.readUInt32LE(at)),
      version: names.get(index),
      isDefined: bytes.readUInt16LE(at + 6) !== 0,
      isWeak: bytes[at + 4] >> 4 === 2,
      isObject: (bytes[at + 4] & 15) === 1,
    };
  });
}

function sectionsOf(bytes) {
  const [start, size, count] = [Number(bytes.readBigUInt64LE(40)), bytes.readUInt16LE(58), bytes.readUInt16LE(60)];
  return Array.from({ length: count }, (_, i) => {
    const at = start + i * size;
    return {
      type: bytes.readUInt32LE(at + 4),
      offset: Number(bytes.readBigUInt64LE(at + 24)),
      size: Number(bytes.readBigUInt64LE(at + 32)),
      link: bytes.readUInt32LE(at + 40),
      /** The number of entries, if this is a section of version definitions or requirements. */
      info: bytes.readUInt32LE(at + 44),
    };
  });
}

/** The names of the symbol versions that the file requires or defines, as a map from version index. */
function versionNames(bytes, sections) {
  const names = new Map();
  for (const { type, offset, link, info } of sections) {
    if (type !== sectionTypes.needed && type !== sectionTypes.defined) continue;
    const text = textAt(bytes, sections[link].offset);
    for (let entry = 0, at = offset; entry < info; entry++) {
      if (type === sectionTypes.defined) {
        const name = text(bytes.readUInt32LE(at + bytes.readUInt32LE(at + 12)));
        names.set(bytes.readUInt16LE(at + 4), name);
        at += bytes.readUInt32LE(at + 16);
      } else {
        let auxiliary = at + bytes.readUInt32LE(at + 8);
        for (let i = 0; i < bytes.readUInt16LE(at + 2); i++) {
          names.set(bytes.readUInt16LE(auxiliary + 6), text(bytes.readUInt32LE(auxiliary + 8)));
          auxiliary += bytes.readUInt32LE(auxiliary + 12);
        }
        at += bytes.readUInt32LE(at + 12);
      }
    }
  }
  return names;
}

/** Returns a function that reads a zero-terminated string. @param table the byte offset of a string table. */
function textAt(bytes, table) {
  return (offset) => bytes.toString("latin1", table + offset, bytes.indexOf(0, table + offset));
}
