/**
 * Which blocks a request gets (neighbours N84, N86).
 */
import { accept, refuse } from '@muster/model'
import type { BlockRequest } from './block-request.ts'
import type { StreamOutcome } from './stream-refusal.ts'

/** Most content that one request is answered with, bytes. */
export const ANSWER_BYTES_MAX = 131_072

/** A block: where it begins in its file and how long it is. */
export interface Block {
  /** From the file's start. */
  readonly number: number
  readonly start: number
  readonly byteLength: number
}

/**
 * The blocks to send, in their order: those asked for that exist, as many as fit in one answer.
 * OffsetOutOfBounds when none of them exists.
 */
export function selectBlocks(
  request: Pick<BlockRequest, 'bitmap' | 'blockBytes' | 'count' | 'firstBlock'>,
  fileBytes: number,
): StreamOutcome<readonly Block[]> {
  const { bitmap, blockBytes, count = Infinity, firstBlock } = request
  const blocksInFile = Math.ceil(fileBytes / blockBytes)
  const most = Math.min(count, Math.floor(ANSWER_BYTES_MAX / blockBytes))
  const end = Math.min(blocksInFile, firstBlock + (bitmap === undefined ? most : bitmap.length * 8))
  const blocks: Block[] = []
  for (let number = firstBlock; number < end && blocks.length < most; number++) {
    if (bitmap !== undefined && !isSet(bitmap, number - firstBlock)) continue
    const start = number * blockBytes
    blocks.push({ number, start, byteLength: Math.min(blockBytes, fileBytes - start) })
  }
  if (blocks.length > 0) return accept(blocks)
  return refuse(
    'OffsetOutOfBounds',
    `none of the blocks asked for is there: the file has ${blocksInFile} of ${blockBytes} bytes`,
  )
}

function isSet(bitmap: Uint8Array, bit: number): boolean {
  return ((bitmap[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0
}
