// Joins PNG images of the same size into an animation (APNG, https://wiki.mozilla.org/APNG_Specification). Browsers and
// VS Code play it; other programs show the first frame. For each later frame, only the box that changed is stored.
import { crc32, deflateSync, inflateSync } from "node:zlib";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Bytes per pixel by the header's color type. Only images with eight bits per channel are supported. */
const pixelBytes = { 2: 3, 6: 4 };
const whole = ({ width, height }) => ({ x: 0, y: 0, width, height });

/** @param {readonly {png: Buffer, ms: number}[]} frames the images, and for how many milliseconds each is shown */
export function movingPng(frames) {
  const shown = [];
  for (const { png, ms } of frames) {
    const picture = pictureOf(png);
    const last = shown.at(-1);
    const box = last === undefined ? whole(picture) : changedBox(last.picture, picture);
    if (box === undefined) last.ms += ms;
    else shown.push({ picture, box, ms });
  }
  let sequence = 0;
  const next = () => uint32(sequence++);
  const body = shown.flatMap(({ picture, box, ms }, at) => {
    const { x, y, width, height } = box;
    const delay = Buffer.concat([uint16(ms), uint16(1000), Buffer.from([0, 0])]); // no disposal, no blending
    const control = chunk("fcTL", Buffer.concat([next(), ...[width, height, x, y].map(uint32), delay]));
    const data = compressed(picture, box);
    return [control, at === 0 ? chunk("IDAT", data) : chunk("fdAT", Buffer.concat([next(), data]))];
  });
  const animation = chunk("acTL", Buffer.concat([uint32(shown.length), uint32(0)])); // zero: repeats forever
  const header = chunk("IHDR", shown[0].picture.header);
  return Buffer.concat([signature, header, animation, ...body, chunk("IEND", Buffer.alloc(0))]);
}

/**
 * Decodes a PNG image.
 * @returns {{header: Buffer, width: number, height: number, bytes: number, rows: Buffer[]}} the data of the header
 * chunk, the size in pixels, the bytes per pixel, and the rows of pixels
 */
export function pictureOf(png) {
  const chunks = chunksOf(png);
  const header = chunks.find(({ type }) => type === "IHDR").data;
  const [width, height, bytes] = [header.readUInt32BE(0), header.readUInt32BE(4), pixelBytes[header[9]]];
  if (header[8] !== 8 || bytes === undefined || header[12] !== 0) throw new Error("not a PNG picture of this kind");
  const filtered = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data)));
  const rows = [];
  for (let y = 0; y < height; y++) {
    const start = y * (width * bytes + 1);
    const row = Buffer.from(filtered.subarray(start + 1, start + 1 + width * bytes));
    unfilter(row, rows.at(-1) ?? Buffer.alloc(row.length), filtered[start], bytes);
    rows.push(row);
  }
  return { header, width, height, bytes, rows };
}

/** Undoes one of the five filters of the PNG specification in place. */
function unfilter(row, above, filter, bytes) {
  for (let i = 0; i < row.length; i++) {
    const [left, up, corner] = [row[i - bytes] ?? 0, above[i], above[i - bytes] ?? 0];
    const predicted = [0, left, up, (left + up) >> 1, filter === 4 ? paeth(left, up, corner) : 0][filter];
    row[i] += predicted;
  }
}

function paeth(left, up, corner) {
  const estimate = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(estimate - value));
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** The smallest box that contains all differences between two images; undefined if they are equal. */
function changedBox(one, other) {
  if (!one.header.equals(other.header)) throw new Error("the frames have different sizes");
  const { bytes, rows, width } = other;
  const changed = rows.flatMap((row, y) => (row.equals(one.rows[y]) ? [] : [y]));
  if (changed.length === 0) return undefined;
  const [top, bottom] = [changed[0], changed.at(-1)];
  let [left, right] = [width, -1];
  for (const y of changed) {
    for (let i = 0; i < rows[y].length; i++) {
      if (rows[y][i] === one.rows[y][i]) continue;
      const x = Math.floor(i / bytes);
      [left, right] = [Math.min(left, x), Math.max(right, x)];
    }
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/**
 * The compressed pixels of a part of the picture. Each row of pixels is stored as its difference from the row above,
 * because in a picture of text most rows resemble their neighbors.
 */
function compressed({ rows, bytes }, { x, y, width, height }) {
  const cut = rows.slice(y, y + height).map((row) => row.subarray(x * bytes, (x + width) * bytes));
  const filtered = cut.map((row, at) => {
    const above = cut[at - 1];
    return Buffer.concat([Buffer.from([2]), row.map((value, i) => value - (above?.[i] ?? 0))]);
  });
  return deflateSync(Buffer.concat(filtered), { level: 9 });
}

/** @returns {{type: string, data: Buffer}[]} */
export function chunksOf(png) {
  if (!png.subarray(0, 8).equals(signature)) throw new Error("not a PNG picture");
  const chunks = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.push({ type: png.toString("latin1", at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

function chunk(type, data) {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), data]);
  return Buffer.concat([uint32(data.length), typed, uint32(crc32(typed))]);
}

function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function uint16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
