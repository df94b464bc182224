/**
 * The simulator over HTTP, without the HTTP: what `/_muster/simulator` answers where a process mounts it.
 */
import { loadScenario, readyScenarios } from '../scenario/load-scenario.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Simulator } from './simulator.ts'

/** A request; `path` begins after `simulator`: empty, or `/start`. */
export interface SimulatorRequest {
  readonly method: string
  readonly path: string
  /** JSON text, or empty. */
  readonly body: string
}

/** Its answer, JSON. */
export interface SimulatorReply {
  readonly status: number
  readonly body: object
}

/** Most devices of a scenario that is started so. */
const DEVICES_MAX = 100_000

const METHODS: Readonly<Record<string, readonly string[]>> = {
  '': ['GET', 'PATCH'],
  '/scenarios': ['GET'],
  '/start': ['POST'],
  '/stop': ['POST'],
}

/** @param own - scenarios that the process has beside the ready ones */
export async function answerSimulator(
  simulator: Simulator,
  own: readonly Scenario[],
  { method, path, body }: SimulatorRequest,
): Promise<SimulatorReply> {
  const methods = METHODS[path]
  if (methods === undefined) return refusal(404, `no admin resource \`/_muster/simulator${path}\``)
  if (!methods.includes(method)) {
    return refusal(405, `expected ${methods.join(' or ')}, not ${method}`)
  }
  if (path === '/scenarios') return { status: 200, body: { scenarios: scenarios(own) } }
  if (path === '/start') return start(simulator, own, json(body))
  if (path === '/stop') await simulator.stop()
  if (method === 'PATCH') {
    const asked = json(body)
    if (asked === undefined) return refusal(400, 'expected a JSON object')
    const refused = await simulator.change(asked)
    if (refused !== undefined) return refusal(refused.status, refused.message)
  }
  return { status: 200, body: simulator.state }
}

function start(simulator: Simulator, own: readonly Scenario[], body: unknown): SimulatorReply {
  const { scenario, devices, seed } = (body ?? {}) as Record<string, unknown>
  if (typeof scenario !== 'string') return refusal(400, 'expected {"scenario": "NAME"}')
  if (devices !== undefined && !isCount(devices)) {
    return refusal(400, `expected devices from 1 to ${DEVICES_MAX}`)
  }
  if (seed !== undefined && !(typeof seed === 'number' && Number.isInteger(seed))) {
    return refusal(400, 'expected seed as an integer')
  }
  const found = own.find(({ name }) => name === scenario) ?? ready(scenario)
  if (found === undefined) {
    const names = scenarios(own).map(({ name }) => name)
    return refusal(400, `no scenario \`${scenario}\`: expected one of ${names.join(', ')}`)
  }
  const refused = simulator.start({
    scenario: found,
    ...(devices !== undefined && { devices }),
    ...(seed !== undefined && { seed }),
  })
  return refused === undefined
    ? { status: 202, body: simulator.state }
    : refusal(refused.status, refused.message)
}

/** By name only: whoever may steer the simulator may not read files. */
function ready(name: string): Scenario | undefined {
  return readyScenarios().includes(name) ? loadScenario(name) : undefined
}

/** A scenario to choose. */
interface ToldScenario {
  readonly name: string
  readonly description: string | null
  readonly devices: number
  readonly groups: readonly string[]
  /** Whether it moves the clock, which a server must let it. */
  readonly needsVirtualClock: boolean
}

function scenarios(own: readonly Scenario[]): readonly ToldScenario[] {
  return [...own, ...readyScenarios().map(loadScenario)].map((scenario) => ({
    name: scenario.name,
    description: scenario.description ?? null,
    devices: scenario.devices ?? 100,
    groups: scenario.groups.map(({ name }) => name),
    needsVirtualClock: (scenario.phases ?? []).some((phase) => 'advanceClock' in phase),
  }))
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= DEVICES_MAX
}

function json(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function refusal(status: number, message: string): SimulatorReply {
  return { status, body: { message } }
}
