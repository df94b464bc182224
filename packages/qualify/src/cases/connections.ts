import type { QualifyCase } from '../qualify-case.ts'
import type { FaultDoes } from '../fault.ts'
import type { Until } from '../step.ts'
import {
  AFTERWARDS,
  BEGIN,
  busy,
  ended,
  fault,
  HELD,
  offer,
  QUIET,
  releaseFile,
  slow,
} from './steps.ts'

/** A cut at the update that ends job a. */
function cutAt(on: 'request' | 'answer', does: FaultDoes): QualifyCase['steps'] {
  return [
    fault({ on, request: 'update', terminal: true, job: 'a', does }),
    ...BEGIN,
    offer('a'),
    ended('a', 'SUCCEEDED'),
    ...AFTERWARDS,
  ]
}

/** Waits until the service has refused the agent something since the case did something. */
function refusedAfter(act: string): Until {
  return {
    do: 'until',
    what: `try again after \`${act}\``,
    seen: (trace) => {
      const at = trace.acted(act)
      const later = at < 0 ? [] : trace.after(at).events
      return later.some((event, place) => {
        if (event.kind === 'answer') return !event.accepted
        if (event.kind !== 'closed') return false
        // Over MQTT 3.1.1 all that is told is that the connection ends.
        return later.slice(0, place).some(({ kind }) => kind === 'connecting' || kind === 'request')
      })
    },
  }
}

/** Connections that end, sessions that are lost, servers and agents that start again. */
export const CONNECTION_CASES: readonly QualifyCase[] = [
  {
    id: 'cut-before-update',
    reason: 'the connection ends with the update still in it: the service has not seen it',
    documented:
      'An update is in force once it is accepted; a device that gets no answer sends it again.',
    steps: cutAt('request', 'cut'),
  },
  {
    id: 'cut-during-update',
    reason: 'the update arrives, and the connection ends before the answer comes',
    documented:
      'A second terminal update is refused with InvalidStateTransition and the state that is.',
    steps: cutAt('answer', 'cut'),
  },
  {
    id: 'cut-after-update',
    reason: 'the connection ends right after the answer: the next job is not announced to anybody',
    documented: 'A device asks for pending executions whenever it connects.',
    steps: cutAt('answer', 'deliver-and-cut'),
  },
  {
    id: 'cut-while-busy',
    reason: 'the job ends while the device is away',
    documented:
      'An execution stays IN_PROGRESS while its device is away; it is reported when that is back.',
    needs: ['slow'],
    steps: [
      ...BEGIN,
      slow('a'),
      ...busy('a'),
      { do: 'link-down' },
      releaseFile('a'),
      QUIET,
      { do: 'link-up' },
      ended('a', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'queued-while-away',
    reason: 'jobs are made while the device has no connection: nobody tells it of them',
    documented: 'A device asks for pending executions whenever it connects.',
    steps: [
      ...BEGIN,
      { do: 'link-down' },
      offer('a'),
      offer('b'),
      { do: 'link-up' },
      ended('a', 'SUCCEEDED'),
      ended('b', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'session-lost',
    reason: 'the session that held the subscriptions is gone when the agent is back',
    documented:
      'CONNACK tells with sessionPresent whether subscriptions are still there; without it they are made again.',
    steps: [
      ...BEGIN,
      { do: 'take-over' },
      {
        do: 'until',
        what: 'connect again and listen for jobs',
        seen: (trace) =>
          trace.protocol === 'https' || trace.after(trace.acted('take-over')).listens,
      },
      QUIET,
      offer('a'),
      ended('a', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'session-kept',
    reason: 'what waited in a kept session comes at once, beside what the agent asks for itself',
    documented:
      'A persistent session keeps messages of QoS 1 for a device that is away: it is told of jobs that it knows.',
    steps: [
      ...BEGIN,
      fault({ on: 'notice', does: 'duplicate', times: 1000 }),
      { do: 'link-down' },
      offer('a'),
      { do: 'link-up' },
      ended('a', 'SUCCEEDED'),
      { do: 'cut' },
      offer('b'),
      ended('b', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'taken-over',
    reason:
      'another connection with the same client ID ends the agent’s own in the middle of a job',
    documented: 'The service ends the older of two connections with one client ID.',
    needs: ['slow'],
    steps: [
      ...BEGIN,
      slow('a'),
      ...busy('a'),
      { do: 'take-over' },
      releaseFile('a'),
      ended('a', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'server-restarted',
    reason: 'the service is away for a moment, and every connection with it',
    documented: 'Executions are durable; connections are not, and devices come back with back-off.',
    needs: ['slow'],
    steps: [
      ...BEGIN,
      slow('a'),
      ...busy('a'),
      { do: 'restart-server' },
      releaseFile('a'),
      ended('a', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'certificate-deactivated',
    reason: 'a certificate that is switched off and on again must cost time and nothing else',
    documented:
      'A device with an inactive certificate is disconnected and refused until it is ACTIVE again.',
    needs: ['slow'],
    steps: [
      ...BEGIN,
      slow('a'),
      ...busy('a'),
      { do: 'deactivate' },
      releaseFile('a'),
      refusedAfter('deactivate'),
      { do: 'activate' },
      ended('a', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'update-denied',
    reason: 'a policy forbids the update for a while: the end of the job must outlast it',
    documented:
      'A publish that no policy allows ends an MQTT 3.1.1 connection; MQTT 5 and HTTPS are told that it is not authorized.',
    needs: ['slow'],
    steps: [
      ...BEGIN,
      slow('a'),
      ...busy('a'),
      { do: 'deny-updates' },
      releaseFile('a'),
      refusedAfter('deny-updates'),
      { do: 'allow-updates' },
      ended('a', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'killed-while-busy',
    reason: 'power fails in the middle of a job: the next start must find it',
    documented:
      'StartNextPendingJobExecution gives an execution that is IN_PROGRESS before those that are QUEUED.',
    needs: ['slow'],
    steps: [
      ...BEGIN,
      slow('a'),
      ...busy('a'),
      { do: 'kill' },
      releaseFile('a'),
      { do: 'start' },
      ended('a'),
      ...AFTERWARDS,
    ],
    // The second is the resumption.
    runsMax: 2,
  },
  {
    id: 'killed-before-answer',
    reason: 'power fails with the job done and reported: it must not be run again',
    documented: 'An execution that has ended is not given to the device again.',
    steps: [
      ...BEGIN,
      fault({ on: 'answer', request: 'update', terminal: true, job: 'a', does: 'hold' }),
      offer('a'),
      offer('b'),
      HELD,
      { do: 'kill' },
      { do: 'start' },
      ended('b', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
]
