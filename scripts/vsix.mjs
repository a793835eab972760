// Reads the directory of a VSIX, which is a zip archive (APPNOTE.TXT 4.3.12 and 4.3.16).
import { readFileSync } from "node:fs";

/** @returns {Map<string, {bytes: number, crc: number}>} uncompressed size and checksum of each file, by name. */
export function filesInVsix(file) {
  const archive = readFileSync(file);
  const end = archive.lastIndexOf("PK\x05\x06");
  if (end < 0) throw new Error(`${file} is not a zip archive`);
  const files = new Map();
  let at = archive.readUInt32LE(end + 16);
  for (let entry = 0; entry < archive.readUInt16LE(end + 10); entry++) {
    const nameBytes = archive.readUInt16LE(at + 28);
    const name = archive.toString("utf8", at + 46, at + 46 + nameBytes);
    files.set(name, { bytes: archive.readUInt32LE(at + 24), crc: archive.readUInt32LE(at + 16) });
    at += 46 + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}
