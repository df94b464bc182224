/**
 * The broker with what only a process can give it: clocks, timers, randomness.
 */
import { Broker, type BrokerBounds, type BrokerPorts, type Records } from '@muster/broker'
import type { CancelAlarm, Clock } from '@muster/clock'
import type { Machine } from '../machine.ts'

/** What {@link startBroker} is made of. */
export interface BrokerShellPorts {
  readonly clock: Clock
  readonly machine: Pick<Machine, 'monotonicMs' | 'random' | 'setTimer' | 'uuid'>
  readonly records: Records
  readonly reserved: BrokerPorts['reserved']
  readonly log?: NonNullable<BrokerPorts['log']>
  readonly fault?: NonNullable<BrokerPorts['fault']>
  readonly undeliverable?: NonNullable<BrokerPorts['undeliverable']>
  readonly refused?: NonNullable<BrokerPorts['refused']>
  readonly presence?: NonNullable<BrokerPorts['presence']>
  readonly connectionChanged?: NonNullable<BrokerPorts['connectionChanged']>
  /** Given when the operator switched MQTT 5 Reason Strings on. */
  readonly reasonString?: NonNullable<BrokerPorts['reasonString']>
  readonly bounds?: Partial<BrokerBounds>
}

/** A broker whose timers run. */
export interface BrokerShell {
  readonly broker: Broker
  /** Stops the timers and writes down who was connected; the listeners are closed by then. */
  stop(): void
}

/** Makes the broker, restores its state and runs its timers on both times. */
export function startBroker(ports: BrokerShellPorts): BrokerShell {
  const { clock, machine } = ports
  let stopped = false
  let broker: Broker | undefined
  let cancelAlarm: CancelAlarm | undefined
  let alarmAtMs: number | undefined
  let cancelWallTimer: CancelAlarm | undefined
  let wallAtMs: number | undefined

  const run = (): void => {
    broker?.runDue()
    arm()
  }
  const arm = (): void => {
    if (stopped || broker === undefined) return
    const dueAtMs = broker.nextDueAtMs()
    if (dueAtMs !== alarmAtMs) {
      cancelAlarm?.()
      alarmAtMs = dueAtMs
      cancelAlarm =
        dueAtMs === undefined
          ? undefined
          : clock.setAlarm(dueAtMs, () => {
              alarmAtMs = undefined
              run()
            })
    }
    const wallDueAtMs = broker.nextWallDueAtMs()
    if (wallDueAtMs === wallAtMs) return
    cancelWallTimer?.()
    wallAtMs = wallDueAtMs
    if (wallDueAtMs === undefined) return
    cancelWallTimer = machine.setTimer(
      () => {
        wallAtMs = undefined
        run()
      },
      Math.max(1, Math.ceil(wallDueAtMs - machine.monotonicMs())),
    )
  }

  broker = new Broker(
    {
      time: { nowMs: () => clock.nowMs(), wallMs: () => machine.monotonicMs() },
      records: ports.records,
      uuid: () => machine.uuid(),
      random: () => machine.random(),
      reserved: ports.reserved,
      dueChanged: () => arm(),
      ...(ports.log === undefined ? {} : { log: ports.log }),
      ...(ports.fault === undefined ? {} : { fault: ports.fault }),
      ...(ports.undeliverable === undefined ? {} : { undeliverable: ports.undeliverable }),
      ...(ports.refused === undefined ? {} : { refused: ports.refused }),
      ...(ports.presence === undefined ? {} : { presence: ports.presence }),
      ...(ports.connectionChanged === undefined
        ? {}
        : { connectionChanged: ports.connectionChanged }),
      ...(ports.reasonString === undefined ? {} : { reasonString: ports.reasonString }),
    },
    ports.bounds,
  )
  arm()
  return {
    broker,
    stop: () => {
      stopped = true
      broker.recordClients()
      cancelAlarm?.()
      cancelWallTimer?.()
    },
  }
}
