/** What must hold once everything has arrived that can. */
import { must } from '../violation.ts'
import type { World } from './world.ts'

/** A delivery that was not acknowledged is repeated no longer (gateway G26). */
const RETRY_WINDOW_MS = 900_000

/** After everything has arrived: requests are answered once, acknowledged messages are there. */
export function checkEnd(world: World): void {
  checkReplies(world)
  checkDeliveries(world)
}

function checkReplies(world: World): void {
  for (const device of world.devices) {
    const watch = device.link && world.watchOf(device.link)
    if (watch === undefined || !device.isConnected) continue
    for (const { token, topic } of device.asked.values()) {
      const replies = watch.repliesTo(token)
      const requests = watch.requestsWith(token)
      const may = ['accepted', 'rejected'].every((end) =>
        world.permissions.mayReceiveNow(device.name, `${topic}/${end}`),
      )
      must(replies === requests || (replies < requests && !may), 'one reply', () => {
        return `${topic} with token ${token} arrived ${requests} times and was answered ${replies} times`
      })
      world.tally.add('checks', 'replies')
    }
  }
}

function checkDeliveries(world: World): void {
  for (const { clientId, owed, absentSinceMs } of world.sessions.all()) {
    if (absentSinceMs !== undefined) continue
    for (const { id, topic, sinceMs } of owed.values()) {
      const ageMs = world.nowMs() - sinceMs
      must(ageMs > RETRY_WINDOW_MS, 'delivery', () => {
        return `${clientId} never got ${id} on ${topic}, which was acknowledged ${ageMs} ms ago (gateway G24)`
      })
    }
  }
}
