/**
 * Writes that nobody waits for, a membership that follows a lost connection for example, are committed
 * at the end of their turn like all others.
 */
import type { Records } from '@muster/store'
import type { Turn } from './turn.ts'

/** The same records, whose writes end up in a commit even when nothing is sent because of them. */
export function committedRecords(records: Records, turn: Turn): Records {
  let scheduled = false
  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    const done = (): void => {
      scheduled = false
    }
    turn.committed().then(done, done)
  }
  return {
    put: (kind, key, value) => {
      records.put(kind, key, value)
      schedule()
    },
    delete: (kind, key) => {
      records.delete(kind, key)
      schedule()
    },
    load: (kind) => records.load(kind),
  }
}
