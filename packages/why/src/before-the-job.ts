/** What keeps a device from hearing of its job at all: certificates, connection, policies. */
import type { ExecutionFact, ThingFacts, TimelineFact } from './thing-facts.ts'
import { shownTime, type Finding } from './verdict.ts'

type Denied = Extract<TimelineFact, { kind: 'denied' }>

/** @returns undefined for a device that is there and may ask for its jobs */
export function unreachable(facts: ThingFacts, head: ExecutionFact): Finding | undefined {
  const about = { jobId: head.jobId }
  if (isPresent(facts, head)) return deniedWork(facts, head)
  return certificateTrouble(facts, about) ?? deniedConnect(facts, about) ?? absent(facts, about)
}

/** A device over HTTPS has no connection: it is there while it asks. */
function isPresent({ connectivity, timeline = [] }: ThingFacts, head: ExecutionFact): boolean {
  if (connectivity === undefined || connectivity.connected) return true
  const last = timeline.findLast(({ kind }) => kind === 'request' || kind === 'connected')
  return last?.kind === 'request' && last.protocol === 'https' && last.atMs >= head.queuedAtMs
}

/** A denial and the end of the connection that it brings about. */
const SAME_MOMENT_MS = 1000

/** A connection that the server ended without a request is told as its end. */
function isDenial(entry: TimelineFact): entry is Denied {
  return entry.kind === 'denied' && entry.action !== 'DISCONNECT'
}

interface About {
  readonly jobId: string
}

function certificateTrouble(facts: ThingFacts, about: About): Finding | undefined {
  const { thingName, certificates, connectivity } = facts
  if (certificates === undefined) return undefined
  if (certificates.length === 0) {
    // A certificate that was never attached may have connected it before.
    if (connectivity?.sinceMs !== undefined) return undefined
    return {
      reason: 'NO_CERTIFICATE',
      sentence: `${thingName} has no certificate, so it cannot connect; job ${about.jobId} waits for it`,
      nextStep:
        'create a certificate, attach it to the thing and a policy to it, and give it to the device',
      ...about,
    }
  }
  const inactive = certificates.filter(({ status }) => status !== undefined && status !== 'ACTIVE')
  if (inactive.length < certificates.length) return undefined
  const [first] = inactive
  return {
    reason: 'CERTIFICATE_NOT_ACTIVE',
    sentence: `the certificate of ${thingName} is ${first?.status}, so it cannot connect; job ${about.jobId} waits for it`,
    nextStep:
      first?.status === 'INACTIVE'
        ? `activate certificate ${first.certificateId}, or give the device a new one`
        : 'give the device a new certificate',
    ...about,
  }
}

function deniedConnect(facts: ThingFacts, about: About): Finding | undefined {
  const { connectivity, timeline = [] } = facts
  const sinceMs = (connectivity?.sinceMs ?? 0) - SAME_MOMENT_MS
  const denied = timeline.findLast(
    (entry): entry is Denied => isDenial(entry) && entry.atMs >= sinceMs,
  )
  if (denied !== undefined) return deniedFinding(facts.thingName, denied, about)
  return forbidden(facts, ['iot:Connect'], about)
}

function absent(facts: ThingFacts, about: About): Finding {
  const { thingName, connectivity } = facts
  const sinceMs = connectivity?.sinceMs
  if (sinceMs === undefined && wasThere(facts)) {
    return {
      reason: 'OFFLINE',
      sentence: `${thingName} is offline for more than an hour; job ${about.jobId} waits for it`,
      nextStep: 'bring the device back: it gets the job when it connects',
      ...about,
    }
  }
  if (sinceMs === undefined) {
    return {
      reason: 'NEVER_CONNECTED',
      sentence: `${thingName} has never connected; job ${about.jobId} waits for it`,
      nextStep: `start the device with the client ID ${thingName} and its certificate; if it does run, nothing of it reaches this endpoint`,
      ...about,
    }
  }
  const why = connectivity?.disconnectReason
  return {
    reason: 'OFFLINE',
    sentence: `${thingName} is offline since ${shownTime(sinceMs)}${why === undefined ? '' : ` (${why})`}; job ${about.jobId} waits for it`,
    nextStep: OFFLINE_STEPS[why ?? ''] ?? 'bring the device back: it gets the job when it connects',
    sinceMs,
    ...about,
  }
}

/** Who left more than an hour ago is as one who never came, but for what it did. */
function wasThere({ pending, ended, timeline = [] }: ThingFacts): boolean {
  return (
    [...pending, ...ended].some(({ startedAtMs }) => startedAtMs !== undefined) ||
    timeline.some(({ kind }) => kind === 'connected' || kind === 'request')
  )
}

const OFFLINE_STEPS: Readonly<Record<string, string>> = {
  CLIENT_INITIATED_DISCONNECT: 'the device said goodbye: start it, and it gets the job',
  MQTT_KEEP_ALIVE_TIMEOUT: 'nothing came from it any more: look at its power and its network',
  CONNECTION_LOST: 'its connection broke: look at its power and its network',
  DUPLICATE_CLIENTID: 'another connection took its client ID: give each device its own',
}

/** The newest denial of something that jobs need, unless a request was accepted since. */
function deniedWork(facts: ThingFacts, head: ExecutionFact): Finding | undefined {
  const { thingName, timeline = [] } = facts
  const about = { jobId: head.jobId }
  const accepted = timeline.findLast((entry) => entry.kind === 'request' && entry.code === null)
  const sinceMs = Math.max(head.queuedAtMs, accepted?.atMs ?? 0)
  const denied = timeline.findLast(
    (entry): entry is Denied =>
      isDenial(entry) && entry.atMs >= sinceMs && isForJobs(entry, timeline),
  )
  if (denied !== undefined) return deniedFinding(thingName, denied, about)
  // What a policy would say is only told of a device that has not shown otherwise.
  if (accepted !== undefined && accepted.atMs >= head.queuedAtMs) return undefined
  return forbidden(facts, ['iot:Publish'], about)
}

/** A denied topic of its jobs, or one that cost the connection. */
function isForJobs({ action, resource, atMs }: Denied, timeline: readonly TimelineFact[]): boolean {
  if (action.startsWith('iotjobsdata:') || (resource ?? '').includes('/jobs/')) return true
  return timeline.some((entry) => entry.kind === 'disconnected' && entry.atMs >= atMs)
}

function deniedFinding(thingName: string, denied: Denied, about: About): Finding {
  const { action, resource, reason, summary, hint, atMs, decisionId } = denied
  const where = resource === null ? '' : ` on ${resource}`
  return {
    reason: 'DENIED',
    sentence: `${thingName} was denied ${action}${where} at ${shownTime(atMs)} (${reason}): ${summary}`,
    nextStep: hint === '' ? `muster policy explain ${decisionId} shows every clause` : hint,
    sinceMs: atMs,
    decisionId,
    ...about,
  }
}

function forbidden(
  { thingName, permissions }: ThingFacts,
  actions: readonly string[],
  about: About,
): Finding | undefined {
  const needed = permissions.filter(({ action }) => actions.includes(action))
  const refused = needed.filter(({ isAllowed }) => !isAllowed)
  const [first] = refused
  if (first === undefined || refused.length < needed.length) return undefined
  const { action, resource, deniedBy } = first
  const why =
    deniedBy.length === 0 ? 'no statement allows it' : `policy ${deniedBy.join(', ')} denies it`
  return {
    reason: 'DENIED',
    sentence: `the policies of ${thingName} deny ${action} on ${resource} (${why}), which it needs for job ${about.jobId}`,
    nextStep:
      deniedBy.length === 0
        ? `allow ${action} on ${resource} in a policy of its certificate`
        : `take the denial of ${action} out of policy ${deniedBy.join(', ')}`,
    ...about,
  }
}
