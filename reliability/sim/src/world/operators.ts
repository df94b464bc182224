/**
 * What operators do, as the requests that they send.
 */
import type { InProcessRequest } from '@muster/server/in-process'
import type { Choices } from '../choices.ts'
import { documentText, type Statement } from '../model/policies.ts'
import {
  FLEET_DOCUMENTS,
  GROUPS,
  GUEST_DOCUMENTS,
  IDENTITIES,
  TOPICS,
  type Identity,
} from './fleet.ts'
import type { Device } from './device.ts'
import type { World } from './world.ts'

const ARN = 'arn:aws:iot:us-east-1:123456789012:'

/** Jobs that there may be: ids are used again. */
export const JOB_IDS = ['J0', 'J1', 'J2', 'J3', 'J4', 'J5'] as const

/** Versions that each policy has: operators switch between them. */
const VERSIONS_MAX = 5

/** A request of an operator, and what the model is to know of it. */
export interface OperatorRequest extends InProcessRequest {
  readonly scope: string
  /** The document that this makes the default of a policy. */
  readonly document?: readonly [policyName: string, statements: readonly Statement[]]
}

/** Makes an operator send it. */
export async function operate(world: World, request: OperatorRequest): Promise<number> {
  const { scope, document, ...http } = request
  if (document !== undefined) world.permissions.documents.set(...document)
  return world.askAsOperator(scope, http)
}

function iot(method: string, target: string, body: object = {}): OperatorRequest {
  const text = method === 'GET' || method === 'DELETE' ? '' : JSON.stringify(body)
  return { scope: 'iot', method, target, body: text }
}

/** Everything that the account begins with. */
export class Setup {
  readonly #fleet: readonly (readonly Statement[])[]
  readonly #identities: readonly Identity[]

  constructor(choices: Choices, deviceCount: number) {
    const others = FLEET_DOCUMENTS.slice(1).toSorted(() => choices.fraction() - 0.5)
    this.#fleet = [...FLEET_DOCUMENTS.slice(0, 1), ...others].slice(0, VERSIONS_MAX)
    this.#identities = IDENTITIES.slice(0, deviceCount)
  }

  /** Documents by policy, in the order of their versions. */
  get versions(): ReadonlyMap<string, readonly (readonly Statement[])[]> {
    return new Map([
      ['fleet', this.#fleet],
      ['guest', GUEST_DOCUMENTS],
    ])
  }

  /** Requests, in groups that depend on those before them. */
  requests(choices: Choices): OperatorRequest[][] {
    const [firsts, versions] = this.#policies()
    const groups = GROUPS.map(([name, parent]) =>
      iot('POST', `/thing-groups/${name}`, parent === undefined ? {} : { parentGroupName: parent }),
    )
    const things = this.#identities.map(({ name }) => iot('POST', `/things/${name}`))
    const certificates = this.#identities.map(({ pem }) =>
      iot('POST', '/certificate/register-no-ca', { certificatePem: pem, status: 'ACTIVE' }),
    )
    const attachments = this.#identities.flatMap((identity) => [
      attach('fleet', certificateArn(identity)),
      principal('PUT', identity),
    ])
    const members = this.#identities
      .filter(() => choices.chance(0.6))
      .map(({ name }) => membership('add', name, choices.pick(GROUPS)[0]))
    const [root, ...below] = groups
    return [
      [...firsts, ...things, ...certificates, ...(root === undefined ? [] : [root])],
      [...versions, ...below, ...attachments],
      members,
    ]
  }

  #policies(): [OperatorRequest[], OperatorRequest[]] {
    const firsts: OperatorRequest[] = []
    const versions: OperatorRequest[] = []
    for (const [name, documents] of this.versions) {
      for (const [index, statements] of documents.entries()) {
        const body = { policyDocument: documentText(statements) }
        if (index > 0) versions.push(iot('POST', `/policies/${name}/version`, body))
        else
          firsts.push({ ...iot('POST', `/policies/${name}`, body), document: [name, statements] })
      }
    }
    return [firsts, versions]
  }
}

function certificateArn({ certificateId }: Identity): string {
  return `${ARN}cert/${certificateId}`
}

function attach(policy: string, target: string): OperatorRequest {
  return iot('PUT', `/target-policies/${policy}`, { target })
}

function principal(method: 'PUT' | 'DELETE', identity: Identity): OperatorRequest {
  const headers = { 'x-amzn-principal': certificateArn(identity) }
  return { ...iot(method, `/things/${identity.name}/principals`), headers, body: '' }
}

function membership(
  verb: 'add' | 'remove',
  thingName: string,
  thingGroupName: string,
): OperatorRequest {
  const action = verb === 'add' ? 'addThingToThingGroup' : 'removeThingFromThingGroup'
  return iot('PUT', `/thing-groups/${action}`, { thingName, thingGroupName })
}

/** Something that an operator does next. */
export function nextRequest(world: World, setup: Setup, choices: Choices): OperatorRequest[] {
  const { identity } = busyOrAny(world, choices)
  const { name } = identity
  const known = [...world.model.state.jobs.keys()]
  // Mostly of jobs that are there, as operators do.
  const jobId =
    known.length > 0 && choices.chance(0.85) ? choices.pick(known) : choices.pick(JOB_IDS)
  const free = JOB_IDS.find((id) => !known.includes(id))
  const newId = free !== undefined && choices.chance(0.9) ? free : choices.pick(JOB_IDS)
  const force = choices.chance(0.4) ? '?force=true' : ''
  const { executions } = world.model.state
  const execution = executions.length > 0 ? choices.pick(executions) : undefined
  const [group] = choices.pick(GROUPS)
  return choices.weighted<() => OperatorRequest[]>([
    [10, () => [createJob(world, choices, newId)]],
    [3, () => [iot('PUT', `/jobs/${jobId}/cancel${force}`)]],
    [2, () => [iot('DELETE', `/jobs/${jobId}${force}`)]],
    [3, () => [iot('PATCH', `/jobs/${jobId}`, jobChange(choices))]],
    [2, () => [iot('POST', `/jobs/${jobId}/targets`, { targets: [`${ARN}thinggroup/${group}`] })]],
    [3, () => [iot('GET', `/jobs/${jobId}`)]],
    [
      3,
      () => {
        if (execution === undefined) return []
        const version = choices.chance(0.5) ? { expectedVersion: choices.between(1, 3) } : {}
        return [
          iot('PUT', `/things/${execution.thing}/jobs/${execution.jobId}/cancel${force}`, version),
        ]
      },
    ],
    [
      2,
      () => {
        if (execution === undefined) return []
        const { thing, number } = execution
        const of = `/things/${thing}/jobs/${execution.jobId}/executionNumber/${number}`
        return [iot('DELETE', `${of}${force}`)]
      },
    ],
    [7, () => [moved(world, choices, name, group)]],
    [1, () => thingGoesOrComes(world, identity)],
    [2, () => thingComesBack(world)],
    [5, () => [switchVersion(setup, choices)]],
    [4, () => [attachment(choices, identity, group)]],
    [1, () => [principal(choices.chance(0.3) ? 'DELETE' : 'PUT', identity)]],
    [1, () => [certificateStatus(choices, identity)]],
    [3, () => [publication(world, choices)]],
    [1, () => groupGoesOrComes(world, group)],
  ])()
}

/** Mostly of those whose device is at work: there a change meets something. */
function busyOrAny({ devices, model }: World, choices: Choices): Device {
  const busy = devices.filter(({ name }) =>
    model.state.executions.some(({ thing, status }) => thing === name && status === 'IN_PROGRESS'),
  )
  return busy.length > 0 && choices.chance(0.6) ? choices.pick(busy) : choices.pick(devices)
}

/** A thing leaves a group that it is in, or joins another one. */
function moved(world: World, choices: Choices, thing: string, group: string): OperatorRequest {
  const { members } = world.model.state.registry
  const mine = [...members].find(([, things]) => things.has(thing))
  if (mine !== undefined && choices.chance(0.6)) return membership('remove', thing, mine[0])
  return membership('add', thing, group)
}

function createJob(world: World, choices: Choices, jobId: string): OperatorRequest {
  const targets = [
    ...new Set([
      `${ARN}thinggroup/${choices.pick(GROUPS)[0]}`,
      ...Array.from({ length: choices.between(0, 5) }, () => {
        return `${ARN}thing/${choices.pick(world.devices).name}`
      }),
    ]),
  ]
  return iot('PUT', `/jobs/${jobId}`, {
    targets: targets.slice(choices.chance(0.3) ? choices.between(0, targets.length - 1) : 0),
    document: JSON.stringify({ operation: 'install', revision: choices.between(1, 99) }),
    ...(choices.chance(0.5) && { targetSelection: 'CONTINUOUS' }),
    ...(choices.chance(0.7) && { jobExecutionsRolloutConfig: rollout(choices) }),
    ...(choices.chance(0.3) && { abortConfig: { criteriaList: [abort(choices)] } }),
    ...(choices.chance(0.4) && {
      timeoutConfig: { inProgressTimeoutInMinutes: choices.between(1, 5) },
    }),
    ...(choices.chance(0.4) && { jobExecutionsRetryConfig: { criteriaList: retries(choices) } }),
  })
}

function jobChange(choices: Choices): object {
  return choices.weighted([
    [3, { jobExecutionsRolloutConfig: rollout(choices) }],
    [1, { abortConfig: { criteriaList: [abort(choices)] } }],
    [1, { timeoutConfig: { inProgressTimeoutInMinutes: choices.between(1, 5) } }],
  ])
}

function rollout(choices: Choices): object {
  const maximumPerMinute = choices.between(1, 4)
  if (choices.chance(0.5)) return { maximumPerMinute }
  const criterion = choices.pick([
    'numberOfNotifiedThings',
    'numberOfSucceededThings',
    'numberOfSucceededThings',
  ])
  return {
    maximumPerMinute: maximumPerMinute + 3,
    exponentialRate: {
      baseRatePerMinute: 1,
      incrementFactor: choices.pick([1.5, 2]),
      rateIncreaseCriteria: { [criterion]: choices.between(1, 2) },
    },
  }
}

function abort(choices: Choices): object {
  return {
    failureType: choices.pick(['FAILED', 'REJECTED', 'TIMED_OUT', 'ALL']),
    action: 'CANCEL',
    thresholdPercentage: choices.pick([25, 50, 100]),
    minNumberOfExecutedThings: choices.between(1, 3),
  }
}

function retries(choices: Choices): object[] {
  return choices.weighted<object[]>([
    [2, [{ failureType: 'ALL', numberOfRetries: choices.between(1, 2) }]],
    [2, [{ failureType: 'FAILED', numberOfRetries: choices.between(0, 2) }]],
    [
      1,
      [
        { failureType: 'FAILED', numberOfRetries: 1 },
        { failureType: 'TIMED_OUT', numberOfRetries: choices.between(0, 2) },
      ],
    ],
  ])
}

/** A thing is deleted, or made again. */
function thingGoesOrComes(world: World, identity: Identity): OperatorRequest[] {
  const { name } = identity
  if (!world.model.state.registry.things.has(name)) return [iot('POST', `/things/${name}`)]
  return [principal('DELETE', identity), iot('DELETE', `/things/${name}`)]
}

/** A thing that is gone is made again, with its certificate. */
function thingComesBack(world: World): OperatorRequest[] {
  const { things } = world.model.state.registry
  const gone = world.devices.find(({ name }) => !things.has(name))
  if (gone === undefined) return []
  return [iot('POST', `/things/${gone.name}`), principal('PUT', gone.identity)]
}

/** A group without groups below it is deleted, or made again. */
function groupGoesOrComes(world: World, group: string): OperatorRequest[] {
  const [, parent] = GROUPS.find(([name]) => name === group) ?? []
  const { members } = world.model.state.registry
  if (members.has(group)) return [iot('DELETE', `/thing-groups/${group}`)]
  const above = parent === undefined ? {} : { parentGroupName: parent }
  return [iot('POST', `/thing-groups/${group}`, above)]
}

function switchVersion(setup: Setup, choices: Choices): OperatorRequest {
  const [policy, documents] = choices.pick([...setup.versions])
  const index = choices.between(0, documents.length - 1)
  const statements = documents[index] ?? []
  return {
    ...iot('PATCH', `/policies/${policy}/version/${index + 1}`),
    body: '',
    document: [policy, statements],
  }
}

function attachment(choices: Choices, identity: Identity, group: string): OperatorRequest {
  const policy = choices.pick(['guest', 'guest', 'fleet'])
  const target = choices.chance(0.5) ? certificateArn(identity) : `${ARN}thinggroup/${group}`
  const isAttached = choices.chance(policy === 'fleet' ? 0.9 : 0.5)
  return iot(isAttached ? 'PUT' : 'POST', `/target-policies/${policy}`, { target })
}

function certificateStatus(choices: Choices, { certificateId }: Identity): OperatorRequest {
  const status = choices.weighted([
    [2, 'ACTIVE'],
    [1, 'INACTIVE'],
  ])
  return { ...iot('PUT', `/certificates/${certificateId}?newStatus=${status}`), body: '' }
}

function publication(world: World, choices: Choices): OperatorRequest {
  const topic = choices.pick(TOPICS)
  return {
    scope: 'iotdata',
    method: 'POST',
    target: `/topics/${topic}?qos=1`,
    body: world.newMessage(),
  }
}
