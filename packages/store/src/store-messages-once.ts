/**
 * The step to version 3. Before it every delivery carried its message, as JSON with the payload in
 * base64; since then a message is a record of its own, with its payload as it is, and deliveries refer
 * to it by key.
 */
import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'

interface OldDelivery {
  readonly message: { readonly payload: string }
}

/** Takes the messages out of the deliveries; equal ones are one. */
export function storeMessagesOnce(database: DatabaseSync): void {
  const keys = database
    .prepare("SELECT key FROM records WHERE kind = 'mqtt-delivery' ORDER BY key")
    .all()
    .map(({ key }) => String(key))
  const read = database.prepare(
    "SELECT value FROM records WHERE kind = 'mqtt-delivery' AND key = ?",
  )
  const update = database.prepare(
    "UPDATE records SET value = ? WHERE kind = 'mqtt-delivery' AND key = ?",
  )
  const insert = database.prepare("INSERT INTO records VALUES ('mqtt-message', ?, ?)")
  // Keys of messages go on after those of deliveries: both come from one sequence.
  let sequence = Number(keys.at(-1) ?? 0)
  const messages = new Map<string, string>()
  for (const key of keys) {
    const delivery = JSON.parse(String(read.get(key)?.['value'])) as OldDelivery
    const text = JSON.stringify(delivery.message)
    const digest = createHash('sha256').update(text).digest('base64')
    let message = messages.get(digest)
    if (message === undefined) {
      sequence += 1
      message = String(sequence).padStart(16, '0')
      messages.set(digest, message)
      insert.run(message, encoded(delivery.message))
    }
    update.run(JSON.stringify({ ...delivery, message }), key)
  }
}

/** The length of a head, four bytes; the head as JSON; the payload. */
function encoded({ payload, ...head }: OldDelivery['message']): Uint8Array {
  const text = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  return Buffer.concat([length, text, Buffer.from(payload, 'base64')])
}
