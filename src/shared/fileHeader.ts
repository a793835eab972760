const lengthBytes = 4;

/**
 * The beginning of a binary file: magic letters, the length of the header as a little-endian 32-bit number, and the
 * header as JSON. Spaces pad it to a multiple of four bytes, so that 32-bit numbers can follow.
 */
export function encodedHeader(magic: string, header: object): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const at = magic.length + lengthBytes;
  const padding = -(at + json.length) & 3;
  const start = Buffer.alloc(at + json.length + padding, " ");
  start.write(magic, "latin1");
  start.writeUInt32LE(json.length + padding, magic.length);
  json.copy(start, at);
  return start;
}

export function hasMagic(magic: string, bytes: Buffer): boolean {
  return bytes.length >= magic.length + lengthBytes && bytes.toString("latin1", 0, magic.length) === magic;
}

/**
 * Call after `hasMagic`, and after a hash has shown that the file is complete and undamaged.
 * @returns the header, and the offset of the data after it. @throws SyntaxError if the header is not JSON.
 */
export function decodedHeader(magic: string, bytes: Buffer): { readonly header: unknown; readonly end: number } {
  const at = magic.length + lengthBytes;
  const end = at + bytes.readUInt32LE(magic.length);
  return { header: JSON.parse(bytes.toString("utf8", at, end)), end };
}
