/**
 * One step of a run: some things happen together, perhaps a fault with them, and the turn ends.
 */
import type { Choices } from './choices.ts'
import { JOB_IDS, nextRequest, operate, type Setup } from './world/operators.ts'
import type { Device } from './world/device.ts'
import { TOPICS } from './world/fleet.ts'
import type { Link } from './world/link.ts'
import type { World } from './world/world.ts'

/** What a step needs. */
export interface StepPorts {
  readonly world: World
  readonly setup: Setup
  readonly choices: Choices
}

/** Takes one step. @throws Violation */
export async function takeStep(ports: StepPorts): Promise<void> {
  const { world, choices } = ports
  const times = choices.between(1, 4)
  const deathIsNear = plannedDeath(ports)
  for (let turn = 0; turn < times; turn += 1) {
    const weight = choices.fraction()
    if (weight < 0.62) deviceActs(ports)
    else if (weight < 0.85) operatorActs(ports)
    else if (weight < 0.98) networkCarries(ports)
    else networkFails(ports)
    if (choices.chance(0.5)) networkCarries(ports)
  }
  await world.settle()
  if (deathIsNear || !world.machine.alive) {
    if (world.machine.hasFailed) await carryAll(world)
    // A server whose commit failed ends by itself, after a farewell.
    if (world.machine.alive && !world.machine.isDoomed) await world.advance(300)
    await world.crash()
    return
  }
  if (choices.chance(0.4)) await timePasses(ports)
  if (!world.machine.alive) await world.crash()
  if (choices.chance(0.5)) await carryAll(world)
  if (!world.machine.alive) await world.crash()
  await world.checkQuiet()
}

/** Whether the process dies in this step, and where. */
function plannedDeath({ world, choices }: StepPorts): boolean {
  const { machine, tally } = world
  machine.slowCommitMs = 0
  const fault = choices.weighted([
    [94, 'none'],
    [2, 'crash before commit'],
    [1.5, 'crash after commit'],
    [1.5, 'crash while telling'],
    [1, 'disk full'],
    [3, 'slow commit'],
  ])
  if (fault === 'none') return false
  tally.add('faults', fault)
  if (fault === 'slow commit') {
    machine.slowCommitMs = choices.between(10, 3000)
    return false
  }
  if (fault === 'disk full') world.fillDisk(choices.chance(0.7))
  if (fault === 'crash before commit') machine.dieAt('before commit')
  else if (fault === 'crash after commit') machine.dieAt('after commit')
  else if (fault === 'crash while telling') machine.dieAt({ afterWrites: choices.between(0, 2) })
  return true
}

function deviceActs(ports: StepPorts): void {
  const { world, choices } = ports
  const device = choices.pick(world.devices)
  if (choices.chance(0.2)) {
    deviceAsksOverHttps(ports, device)
    return
  }
  if (device.link === undefined) {
    const receiveMaximum = choices.pick([1, 5, 100])
    world.connect(device, choices.chance(0.6), receiveMaximum)
    return
  }
  const jobs = `$aws/things/${device.name}/jobs`
  const jobId = choices.pick(JOB_IDS)
  choices.weighted<() => void>([
    [4, () => device.subscribe(filters(choices, device))],
    [1, () => device.unsubscribe(choices.pick(TOPICS))],
    [12, () => device.ask(`${jobs}/start-next`, startFields(choices))],
    [3, () => device.ask(`${jobs}/get`, {})],
    [3, () => device.ask(`${jobs}/$next/get`, {})],
    [2, () => device.ask(`${jobs}/${jobId}/get`, describeFields(choices))],
    [
      22,
      () =>
        device.ask(`${jobs}/${currentJob(world, device) ?? jobId}/update`, updateFields(choices)),
    ],
    [
      1,
      () => device.publish(`${jobs}/${choices.pick(['foo', '$next/update', 'get'])}`, '{"a":', 0),
    ],
    [5, () => publishMessage(world, choices, device)],
    [1, () => device.ping()],
    [1, () => world.tally.add('faults', 'duplicate', device.repeatPublish() ? 1 : 0)],
    [1, () => device.disconnect()],
    [
      1,
      () => {
        world.tally.add('faults', 'acknowledgements kept back')
        device.acknowledges = false
      },
    ],
    [2, () => device.catchUp()],
  ])()
}

function publishMessage(world: World, choices: Choices, device: Device): void {
  const topic = choices.pick(TOPICS)
  device.publish(topic, world.newMessage(), 1)
}

function filters(choices: Choices, { name }: Device): string[] {
  return choices.pick([
    ['fleet/#'],
    ['fleet/news', 'extra/hints'],
    ['fleet/+'],
    [`$aws/things/${name}/jobs/notify-next`, `$aws/things/${name}/jobs/start-next/accepted`],
    [`$aws/things/${name}/jobs/#`, 'fleet/state'],
  ])
}

function startFields(choices: Choices): object {
  return choices.weighted<object>([
    [5, {}],
    [2, { statusDetails: { step: 'begun' } }],
    [2, { stepTimeoutInMinutes: choices.between(1, 3) }],
    [1, { stepTimeoutInMinutes: choices.pick([0, -1, 'soon']) }],
  ])
}

function describeFields(choices: Choices): object {
  return choices.weighted<object>([
    [3, {}],
    [1, { executionNumber: choices.between(1, 2) }],
    [1, { includeJobDocument: false }],
  ])
}

function updateFields(choices: Choices): object {
  const status = choices.weighted([
    [5, 'IN_PROGRESS'],
    [8, 'SUCCEEDED'],
    [6, 'FAILED'],
    [2, 'REJECTED'],
    [1, 'CANCELED'],
    [1, 'DONE'],
  ])
  return {
    status,
    ...(choices.chance(0.2) && { expectedVersion: choices.between(1, 4) }),
    ...(choices.chance(0.1) && { executionNumber: choices.between(1, 2) }),
    ...(choices.chance(0.3) && { statusDetails: { progress: String(choices.between(0, 100)) } }),
    ...(choices.chance(0.2) && { stepTimeoutInMinutes: choices.pick([1, 2, -1]) }),
    ...(choices.chance(0.4) && { includeJobExecutionState: true }),
    ...(choices.chance(0.2) && { includeJobDocument: true }),
  }
}

/** A job that the device most likely works on. */
function currentJob(world: World, device: Device): string | undefined {
  const mine = world.model.state.executions.filter(({ thing }) => thing === device.name)
  const pending = mine.filter(({ status }) => status === 'IN_PROGRESS' || status === 'QUEUED')
  return (pending.find(({ status }) => status === 'IN_PROGRESS') ?? pending[0])?.jobId
}

function deviceAsksOverHttps({ world, choices }: StepPorts, device: Device): void {
  const jobs = `/things/${device.name}/jobs`
  const jobId = currentJob(world, device) ?? choices.pick(JOB_IDS)
  const request = choices.weighted([
    [3, { method: 'PUT', target: `${jobs}/$next`, body: '{}' }],
    [1, { method: 'GET', target: `${jobs}/%24next`, body: '' }],
    [1, { method: 'GET', target: `${jobs}/${jobId}`, body: '' }],
    [
      4,
      { method: 'POST', target: `${jobs}/${jobId}`, body: JSON.stringify(updateFields(choices)) },
    ],
  ])
  const isTwice = choices.chance(0.1)
  if (isTwice) world.tally.add('faults', 'duplicate')
  for (let time = 0; time < (isTwice ? 2 : 1); time += 1) {
    world.expectAnswer(world.askAsDevice(device, request), request.target)
  }
}

function operatorActs({ world, setup, choices }: StepPorts): void {
  const requests = nextRequest(world, setup, choices)
  const inOrder = async (): Promise<number> => {
    let status = 0
    for (const request of requests) status = await operate(world, request)
    return status
  }
  world.expectAnswer(inOrder(), requests[0]?.target ?? '')
}

/** Some bytes of some links get on, in any order between links. */
function networkCarries({ world, choices }: StepPorts): void {
  for (let times = choices.between(1, 6); times > 0; times -= 1) {
    const { links } = world
    if (links.length === 0) return
    const link = choices.pick(links)
    const device = world.devices.find((one) => one.link === link)
    if (device === undefined || choices.chance(0.6)) world.deliverToServer(link)
    else if (link.state === 'up') world.deliverToClient(device)
  }
}

function networkFails({ world, choices }: StepPorts): void {
  const online = world.devices.filter(({ link }) => link !== undefined)
  if (online.length === 0) return
  const device = choices.pick(online)
  const { link } = device
  if (link === undefined) return
  const fault = choices.pick(['dropped', 'half-open', 'stalled', 'stalled'] as const)
  // What a link has lost never comes back: from any other state it can only be dropped.
  if (fault !== 'dropped' && link.state !== 'up') return
  world.tally.add('faults', `link ${fault}`)
  if (fault === 'dropped') {
    link.drop()
    device.gone()
  } else link.state = fault
}

/** All that is on its way arrives, and what it brings about. */
export async function carryAll(world: World): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    let isMoving = false
    for (const link of world.links) isMoving = carryLink(world, link) || isMoving
    await world.settle()
    if (!isMoving || !world.machine.alive) return
  }
}

/** @returns whether anything was on its way */
function carryLink(world: World, link: Link): boolean {
  const device = world.devices.find((one) => one.link === link)
  if (link.state !== 'up' && device !== undefined) return false
  let isMoving = false
  for (; link.toServer.length > 0; isMoving = true) world.deliverToServer(link)
  if (device === undefined) return isMoving
  for (let left = link.toClient.length; left > 0; left -= 1) {
    world.deliverToClient(device)
    isMoving = true
  }
  return isMoving
}

async function timePasses({ world, choices }: StepPorts): Promise<void> {
  const { time, tally } = world
  if (choices.chance(0.04)) {
    const jumpMs = choices.pick([-1_200_000, -60_000, -500, 5000, 120_000, 3_000_000])
    tally.add('faults', jumpMs < 0 ? 'clock put back' : 'clock put forward')
    tally.tell(() => `  the clock jumps by ${jumpMs} ms`)
    time.epochAtZeroMs += jumpMs
    // An alarm looks at the clock every five seconds.
    await world.advance(5001)
    return
  }
  await world.advance(
    choices.weighted([
      [4, choices.between(1, 2000)],
      [4, choices.between(5000, 65_000)],
      [1, choices.between(60_000, 400_000)],
      [0.2, 2_400_000],
    ]),
  )
}
