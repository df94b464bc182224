/**
 * Devices that speak the Jobs protocol badly: faults between the agent and its transport.
 */
import { refuse } from '@muster/model'
import type { JobsTransport, UpdateRequest } from '@muster/device'
import type { JobBehaviourName } from '../scenario/scenario.ts'

/** Told what the service answered to a faulty request, by its refusal code or `accepted`. */
export type FaultWitness = (fault: JobBehaviourName, answer: string) => void

/**
 * A transport that commits the fault of the behaviour that acts, each kind with a memory of its own.
 *
 * @param acting - the behaviour as it is now
 */
export function withUpdateFaults(
  transport: JobsTransport,
  acting: () => JobBehaviourName,
  witness: FaultWitness,
): JobsTransport {
  const faulty = new Map<JobBehaviourName, JobsTransport>()
  const now = (): JobsTransport => {
    const behaviour = acting()
    const known = faulty.get(behaviour)
    if (known !== undefined) return known
    const made = withUpdateFault(behaviour, transport, witness)
    faulty.set(behaviour, made)
    return made
  }
  return {
    startNext: (request) => transport.startNext(request),
    describe: (jobId, request) => transport.describe(jobId, request),
    pending: () => transport.pending(),
    update: (jobId, request) => now().update(jobId, request),
  }
}

/**
 * A transport that commits one behaviour's fault around each terminal update; other behaviours
 * have no fault here and get the transport itself.
 */
function withUpdateFault(
  behaviour: JobBehaviourName,
  transport: JobsTransport,
  witness: FaultWitness,
): JobsTransport {
  const send = async (jobId: string, request: UpdateRequest): Promise<void> => {
    const reply = await transport.update(jobId, request)
    witness(behaviour, reply.ok ? 'accepted' : reply.error.code)
  }
  const terminal = (
    act: (jobId: string, request: UpdateRequest) => ReturnType<JobsTransport['update']>,
  ): JobsTransport => ({
    startNext: (request) => transport.startNext(request),
    describe: (jobId, request) => transport.describe(jobId, request),
    pending: () => transport.pending(),
    update: (jobId, request) =>
      request.status === 'IN_PROGRESS' ? transport.update(jobId, request) : act(jobId, request),
  })
  switch (behaviour) {
    case 'duplicate-update':
      return terminal(async (jobId, request) => {
        const reply = await transport.update(jobId, request)
        await send(jobId, request)
        return reply
      })
    case 'out-of-order':
      return terminal(async (jobId, request) => {
        const reply = await transport.update(jobId, request)
        await send(jobId, {
          ...request,
          status: 'IN_PROGRESS',
          statusDetails: { late: 'progress' },
        })
        return reply
      })
    case 'stale-version':
      return terminal(async (jobId, request) => {
        await send(jobId, { ...request, expectedVersion: 1 })
        return await transport.update(jobId, request)
      })
    case 'lost-reply': {
      const lost = new Set<string>()
      return terminal(async (jobId, request) => {
        const reply = await transport.update(jobId, request)
        const key = `${jobId}#${request.executionNumber ?? 0}`
        if (lost.has(key)) {
          witness(behaviour, reply.ok ? 'accepted' : reply.error.code)
          return reply
        }
        lost.add(key)
        return refuse('Timeout', 'simulated: the reply was lost')
      })
    }
    default:
      return transport
  }
}
