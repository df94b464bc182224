/** A screenshot with a palette of its most frequent colours: a third of the bytes, and nobody sees it. */
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const coloursMax = 256

/** Pixels of three bytes each. */
interface Image {
  readonly width: number
  readonly height: number
  readonly pixels: Buffer
}

/**
 * Writes a PNG anew with a palette.
 *
 * @throws Error for what is not a PNG of eight bits a channel, without interlacing
 */
export function withPalette(png: Buffer): Buffer {
  const { width, height, pixels } = decoded(png)
  const counts = new Map<number, number>()
  for (let at = 0; at < pixels.length; at += 3) {
    const colour = pixels.readUIntBE(at, 3)
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const palette = [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, coloursMax)
    .map(([colour]) => colour)
  const indexOf = new Map(palette.map((colour, index) => [colour, index]))
  const rows = Buffer.alloc((width + 1) * height)
  for (let at = 0; at < width * height; at += 1) {
    const colour = pixels.readUIntBE(at * 3, 3)
    const index = indexOf.get(colour) ?? nearest(palette, colour)
    indexOf.set(colour, index)
    rows[at + Math.floor(at / width) + 1] = index
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits a pixel, each an entry of the palette.
  header.set([8, 3], 8)
  const colours = Buffer.alloc(palette.length * 3)
  for (const [index, colour] of palette.entries()) colours.writeUIntBE(colour, index * 3, 3)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function nearest(palette: readonly number[], colour: number): number {
  let best = 0
  let bestDistance = Infinity
  for (const [index, candidate] of palette.entries()) {
    let distance = 0
    for (const shift of [16, 8, 0]) {
      distance += (((candidate >> shift) & 255) - ((colour >> shift) & 255)) ** 2
    }
    if (distance < bestDistance) [best, bestDistance] = [index, distance]
  }
  return best
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

function decoded(png: Buffer): Image {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  const [bits, kind, , , interlaced] = png.subarray(24, 29)
  const channels = kind === 2 ? 3 : kind === 6 ? 4 : 0
  if (!png.subarray(0, 8).equals(SIGNATURE) || bits !== 8 || channels === 0 || interlaced !== 0) {
    throw new Error('expected a PNG of eight bits a channel in RGB or RGBA, not interlaced')
  }
  const parts: Buffer[] = []
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    const isData = png.toString('latin1', at + 4, at + 8) === 'IDAT'
    if (isData) parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  }
  const raw = unfiltered(inflateSync(Buffer.concat(parts)), width * channels, height, channels)
  if (channels === 3) return { width, height, pixels: raw }
  const pixels = Buffer.alloc(width * height * 3)
  for (let at = 0; at < width * height; at += 1) raw.copy(pixels, at * 3, at * 4, at * 4 + 3)
  return { width, height, pixels }
}

/** Undoes the filter of each row, as the PNG specification has it. */
function unfiltered(data: Buffer, rowBytes: number, height: number, channels: number): Buffer {
  const out = Buffer.alloc(rowBytes * height)
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (rowBytes + 1)]
    for (let x = 0; x < rowBytes; x += 1) {
      const at = y * rowBytes + x
      const left = x < channels ? 0 : (out[at - channels] ?? 0)
      const up = y === 0 ? 0 : (out[at - rowBytes] ?? 0)
      const corner = x < channels || y === 0 ? 0 : (out[at - rowBytes - channels] ?? 0)
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0
      out[at] = (data[y * (rowBytes + 1) + 1 + x] ?? 0) + predicted
    }
  }
  return out
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ]
  if (a <= b && a <= c) return left
  return b <= c ? up : corner
}
