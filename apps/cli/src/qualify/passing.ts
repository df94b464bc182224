/** What the fault of a case does to a message that passes between agent and service. */
import type { Answered, Noticed, Requested } from '@muster/qualify'
import type { FaultDesk } from './fault-desk.ts'
import type { Recorder } from './recorder.ts'

/** What both relays stand on. */
export interface RelayPorts {
  readonly desk: FaultDesk
  readonly recorder: Recorder
  /** Numbers requests. */
  nextId(): number
}

/** What can be done with one message. */
export interface Passing {
  readonly message: Answered | Noticed
  readonly asked?: Requested | undefined
  deliver(): void
  /** A second time. */
  repeat(): void
  /** Tells the sender that it has arrived, though it has not. */
  lose(): void
  /** Ends the connection; `flushed`: once what was delivered has left. */
  cut(flushed: boolean): void
}

/** Passes an answer or a notification on to the agent, as far as the case lets it. */
export function passToAgent({ desk, recorder }: RelayPorts, passing: Passing): void {
  const { asked, message } = passing
  const does = desk.take({ message, ...(asked && { asked }) })
  const arrives = (): void => {
    recorder.record(message)
    passing.deliver()
  }
  if (does === undefined) arrives()
  else if (does === 'lose' || does === 'cut') {
    recorder.record({ ...message, lost: true })
    if (does === 'lose') passing.lose()
    else passing.cut(false)
  } else if (does === 'deliver-and-cut') {
    arrives()
    passing.cut(true)
  } else if (does === 'duplicate') {
    arrives()
    passing.repeat()
  } else if (does === 'hold') {
    recorder.record({ kind: 'act', what: 'held' })
    desk.hold(arrives)
  } else if ('delayMs' in does) desk.delay(arrives, does.delayMs)
  else throw new TypeError('only requests are refused')
}
