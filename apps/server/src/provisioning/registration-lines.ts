/**
 * Lines of a bulk registration's file (gateway G114), read piece by piece: neither the file nor a
 * line without end is held in memory. Only LF ends a line, a CR before it belongs to the ending;
 * whatever else may stand in a JSON string does not, U+2028 for one.
 */
import { Buffer } from 'node:buffer'

/** A line with something on it: its text, or why it has none. */
export type RegistrationLine = LinePlace & ({ readonly text: string } | { readonly fault: string })

interface LinePlace {
  /** Of the file, from 1, blank lines counted. */
  readonly lineNumber: number
  /** How many bytes of the file end with it. */
  readonly endsAtByte: number
}

/** Longest line, UTF-16 code units. */
const charactersMax = 65_536
/** As many bytes as that can have, with a byte order mark and a CR. */
const bytesMax = 3 * charactersMax + 4

const lf = 0x0a
const cr = 0x0d
const byteOrderMark = '\uFEFF'

/**
 * Reads the lines of a file, blank ones left out.
 *
 * @returns at most `most` at a time, and after every chunk, which may have ended none
 */
export async function* registrationLines(
  chunks: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<readonly RegistrationLine[]> {
  let line = new LineBytes()
  let lineNumber = 1
  let bytesRead = 0
  const ended = (endsAtByte: number): RegistrationLine[] => {
    const read = line.read(lineNumber === 1)
    const found = read === undefined ? [] : [{ lineNumber, endsAtByte, ...read }]
    line = new LineBytes()
    lineNumber += 1
    return found
  }
  for await (const chunk of chunks) {
    let lines: RegistrationLine[] = []
    let from = 0
    for (let to = chunk.indexOf(lf); to >= 0; to = chunk.indexOf(lf, from)) {
      line.add(chunk.subarray(from, to))
      from = to + 1
      lines.push(...ended(bytesRead + from))
      if (lines.length < most) continue
      yield lines
      lines = []
    }
    line.add(chunk.subarray(from))
    bytesRead += chunk.length
    yield lines
  }
  yield ended(bytesRead)
}

/** The bytes of one line; of one that is too long only the length is kept. */
class LineBytes {
  #pieces: Uint8Array[] = []
  #length = 0
  #dropped = false
  #droppedCharacters = 0
  #lastByte: number | undefined

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#length += bytes.length
    this.#lastByte = bytes.at(-1)
    this.#pieces.push(bytes)
    if (this.#length <= bytesMax) return
    this.#dropped = true
    for (const piece of this.#pieces) this.#droppedCharacters += charactersOf(piece)
    this.#pieces = []
  }

  /** @returns undefined for a blank line */
  read(first: boolean): { readonly text: string } | { readonly fault: string } | undefined {
    const ending = this.#lastByte === cr ? 1 : 0
    if (this.#dropped) return tooLong(this.#droppedCharacters - ending)
    const bytes = Buffer.concat(this.#pieces)
    let text: string
    try {
      text = decoder.decode(bytes.subarray(0, bytes.length - ending))
    } catch {
      return { fault: 'the line is not valid UTF-8' }
    }
    if (first && text.startsWith(byteOrderMark)) text = text.slice(1)
    if (/^[ \t\r]*$/.test(text)) return undefined
    return text.length > charactersMax ? tooLong(text.length) : { text }
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function tooLong(characters: number): { readonly fault: string } {
  return { fault: `the line has ${characters} characters; at most ${charactersMax} are allowed` }
}

/** UTF-16 code units of UTF-8: one for each byte that begins a character, two for four of them. */
function charactersOf(bytes: Uint8Array): number {
  let characters = 0
  for (const byte of bytes) {
    if ((byte & 0xc0) !== 0x80) characters += byte >= 0xf0 ? 2 : 1
  }
  return characters
}
