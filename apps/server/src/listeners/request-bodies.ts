/**
 * Bodies of requests, read whole within their limits.
 */
import type { IncomingMessage } from 'node:http'
import type { Refusal } from '@muster/model'
import type { ReceivedRequest } from '../mount.ts'
import { headOf, noBytes } from './http-exchange.ts'
import { bodyBytesMax, pendingBytesMax } from './http-limits.ts'

/** Why a body was not read. */
export type BodyFault = 'too-large' | 'busy' | 'aborted'

/** What a client is told of a fault; nobody is left to tell of an aborted body. */
export const bodyRefusals: Readonly<Record<Exclude<BodyFault, 'aborted'>, Refusal>> = {
  'too-large': {
    code: 'RequestEntityTooLargeException',
    message: 'The request body is too large',
  },
  busy: {
    code: 'ServiceUnavailableException',
    message: 'Too many request bodies are being received; try again',
  },
}

/** The bodies on their way to one server, over all its listeners. */
export class RequestBodies {
  /** Bytes of those that have arrived in part. */
  #pendingBytes = 0

  /** Reads a request whole. Resolves to a fault, never rejects. */
  async receive(
    message: IncomingMessage,
    bytesMax: number = bodyBytesMax,
  ): Promise<ReceivedRequest | BodyFault> {
    const body = await this.#read(message, bytesMax)
    return typeof body === 'string' ? body : { ...headOf(message), body }
  }

  #read(message: IncomingMessage, bytesMax: number): Promise<Uint8Array | BodyFault> {
    const announced = message.headers['content-length']
    if (Number(announced ?? 0) > bytesMax) return Promise.resolve('too-large')
    if (
      announced === '0' ||
      (announced === undefined && !('transfer-encoding' in message.headers))
    ) {
      return Promise.resolve(noBytes)
    }
    return new Promise((resolve) => {
      const chunks: Uint8Array[] = []
      let length = 0
      const settle = (result: Uint8Array | BodyFault): void => {
        message.removeAllListeners('data')
        this.#pendingBytes -= length
        length = 0
        resolve(result)
      }
      message.on('data', (chunk: Uint8Array) => {
        length += chunk.length
        this.#pendingBytes += chunk.length
        if (length > bytesMax) settle('too-large')
        else if (this.#pendingBytes > pendingBytesMax) settle('busy')
        else chunks.push(chunk)
      })
      message.on('end', () => settle(join(chunks)))
      message.on('error', () => settle('aborted'))
      message.on('close', () => settle('aborted'))
    })
  }
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 0) return noBytes
  const [first] = chunks
  const bytes = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}
