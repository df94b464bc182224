/** A fleet from a YAML file; every mistake is told with its line. */
import { readFleet, type Fleet } from '@muster/rehearse'
import { isNode, LineCounter, parseDocument, type Document } from 'yaml'
import { readNamedFile } from '../flags/named-file.ts'

/**
 * Reads a fleet.
 *
 * @throws Error with a line for each mistake: file, line, place and what was expected
 */
export function readFleetFile(file: string): Fleet {
  const text = readNamedFile('--fleet', file, 'a YAML file')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const [broken] = document.errors
  if (broken !== undefined) {
    throw new Error(`${file}:${lines.linePos(broken.pos[0]).line}: not YAML: ${firstLine(broken)}`)
  }
  const read = readFleet(valueOf(document, file))
  if (read.ok) return read.fleet
  const told = read.mistakes.map(({ at, message }) => {
    const { line } = lines.linePos(offsetOf(document, at))
    return `${file}:${line}: ${at === '' ? '' : `${at}: `}${message}`
  })
  throw new Error(told.join('\n'))
}

function valueOf(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS()
  } catch (cause) {
    // Aliases without an anchor, or so many that they would be gigabytes.
    throw new Error(`${file}: not YAML: ${(cause as Error).message}`, { cause })
  }
}

/** Where a place such as `groups[0].share` stands; what is missing stands where its owner does. */
function offsetOf(document: Document.Parsed, at: string): number {
  const path = at.match(/[^.[\]]+/g) ?? []
  for (let length = path.length; length > 0; length -= 1) {
    const keys = path.slice(0, length).map((part) => (/^\d+$/.test(part) ? Number(part) : part))
    const node = document.getIn(keys, true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function firstLine({ message }: Error): string {
  return message.split('\n')[0]?.replace(/ at line.*$/, '') ?? message
}
