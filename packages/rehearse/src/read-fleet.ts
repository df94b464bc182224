/** A fleet from a file: what is wrong with it is told by its place, and what was expected there. */
import { likelyName } from '@muster/model'
import type { Fleet } from './fleet.ts'

/** What is wrong, and where. */
export interface FleetMistake {
  /** `groups[0].share`; empty for the whole. */
  readonly at: string
  readonly message: string
}

type Check = (value: unknown, at: string, found: FleetMistake[]) => void

/** Reads a fleet of values whose types nobody has checked. */
export function readFleet(
  value: unknown,
):
  | { readonly ok: true; readonly fleet: Fleet }
  | { readonly ok: false; readonly mistakes: readonly FleetMistake[] } {
  const mistakes: FleetMistake[] = []
  fleet(value, '', mistakes)
  if (mistakes.length === 0) crossChecks(value as Fleet, mistakes)
  return mistakes.length === 0 ? { ok: true, fleet: value as Fleet } : { ok: false, mistakes }
}

const wrong =
  (expected: string, fits: (value: unknown) => boolean): Check =>
  (value, at, found) => {
    if (!fits(value)) found.push({ at, message: `expected ${expected}, found ${shown(value)}` })
  }

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value)
const text = wrong('text', (value) => typeof value === 'string' && value !== '')
const share = wrong('a number from 0 to 1', (it) => isNumber(it) && it >= 0 && it <= 1)
const weight = wrong('a number from 0', (it) => isNumber(it) && it >= 0)
const amount = wrong('a number from 0', (it) => isNumber(it) && it >= 0)
const above = wrong('a number above 0', (it) => isNumber(it) && it > 0)
const count = wrong(
  'a whole number from 1 to 10000000',
  (it) => Number.isInteger(it) && (it as number) >= 1 && (it as number) <= 10_000_000,
)
const offset = wrong('hours from -12 to 14', (it) => isNumber(it) && it >= -12 && it <= 14)
const moment = wrong(
  'a time in UTC such as `2026-11-30T09:00`',
  (it) => typeof it === 'string' && !Number.isNaN(fleetTimeMs(it)),
)
const hours = wrong(
  '24 numbers from 0 to 1, one an hour',
  (it) =>
    Array.isArray(it) &&
    it.length === 24 &&
    it.every((part) => isNumber(part) && part >= 0 && part <= 1),
)

/** A time of a fleet file, epoch milliseconds; NaN for any other text. */
export function fleetTimeMs(written: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(written) ? Date.parse(`${written}Z`) : Number.NaN
}

function object(members: Readonly<Record<string, Check>>, required: readonly string[]): Check {
  return (value, at, found) => {
    if (!isRecord(value)) {
      found.push({
        at,
        message: `expected ${Object.keys(members).join(', ')}, found ${shown(value)}`,
      })
      return
    }
    const names = Object.keys(members)
    for (const [name, member] of Object.entries(value)) {
      const check = Object.hasOwn(members, name) ? members[name] : undefined
      if (check !== undefined) {
        check(member, inside(at, name), found)
        continue
      }
      const meant = likelyName(name, names)
      const hint = meant === undefined ? `expected ${names.join(', ')}` : `did you mean ${meant}?`
      found.push({ at: inside(at, name), message: `nothing is called so here: ${hint}` })
    }
    for (const name of required) {
      if (!Object.hasOwn(value, name)) found.push({ at: inside(at, name), message: 'is missing' })
    }
  }
}

function list(each: Check): Check {
  return (value, at, found) => {
    if (!Array.isArray(value) || value.length === 0) {
      found.push({ at, message: `expected a list with entries, found ${shown(value)}` })
      return
    }
    value.forEach((entry, place) => each(entry, `${at}[${place}]`, found))
  }
}

function mapOf(each: Check): Check {
  return (value, at, found) => {
    if (!isRecord(value)) found.push({ at, message: `expected names, found ${shown(value)}` })
    else for (const [name, member] of Object.entries(value)) each(member, inside(at, name), found)
  }
}

const choice = (...names: readonly string[]): Check =>
  wrong(names.join(', '), (it) => typeof it === 'string' && names.includes(it))

const distribution = choice('uniform', 'normal', 'lognormal', 'exponential')
const distributions: Readonly<Record<string, Check>> = {
  uniform: object({ distribution, min: amount, max: amount }, ['min', 'max']),
  normal: object({ distribution, mean: amount, deviation: amount }, ['mean', 'deviation']),
  lognormal: object({ distribution, median: above, sigma: amount }, ['median', 'sigma']),
  exponential: object({ distribution, mean: above }, ['mean']),
}

const quantity: Check = (value, at, found) => {
  if (!isRecord(value)) {
    if (!isNumber(value) || value < 0) {
      const message = `expected seconds, or a distribution to draw them from, found ${shown(value)}`
      found.push({ at, message })
    }
    return
  }
  const { distribution: name, max, min } = value
  const check = typeof name === 'string' ? distributions[name] : undefined
  if (check === undefined) distribution(name, inside(at, 'distribution'), found)
  else check(value, at, found)
  if (isNumber(min) && isNumber(max) && min > max) found.push({ at, message: 'min is above max' })
}

const online: Check = (value, at, found) => {
  if (value === 'always') return
  if (isRecord(value) && ('onlineSeconds' in value || 'offlineSeconds' in value)) {
    const names = ['onlineSeconds', 'offlineSeconds']
    object({ onlineSeconds: quantity, offlineSeconds: quantity }, names)(value, at, found)
  } else if (isRecord(value)) {
    object({ byHour: hours, habit: share }, ['byHour'])(value, at, found)
  } else {
    const message = `expected always, byHour, or onlineSeconds and offlineSeconds, found ${shown(value)}`
    found.push({ at, message })
  }
}

const behaviour = choice('succeed', 'fail', 'reject', 'hang')
const attempt = { behaviour, durationSeconds: quantity }
const where = object({ group: text, attributes: mapOf(text) }, [])
const badDevices = list(object({ ...attempt, share, where }, ['behaviour']))
const group = object(
  {
    name: text,
    share: weight,
    attributes: mapOf(mapOf(weight)),
    utcOffsetHours: offset,
    online,
    lostShare: share,
    reactionSeconds: quantity,
    jobs: list(object({ ...attempt, share: weight }, ['behaviour'])),
  },
  ['name'],
)
const fleet = object(
  {
    name: text,
    description: text,
    devices: count,
    startsAt: moment,
    groups: list(group),
    bad: badDevices,
    badFirmware: badDevices,
  },
  ['name', 'devices', 'groups'],
)

/** What only the whole can show. */
function crossChecks({ bad = [], badFirmware = [], groups }: Fleet, found: FleetMistake[]): void {
  if (groups.length > 200) found.push({ at: 'groups', message: 'expected 200 groups at most' })
  const sums = (entries: readonly { readonly share?: number }[], at: string): void => {
    if (entries.some(({ share: part = 1 }) => part > 0)) return
    found.push({ at, message: 'expected a share above 0 in one of them' })
  }
  sums(groups, 'groups')
  groups.forEach(({ jobs }, place) => jobs && sums(jobs, `groups[${place}].jobs`))
  const names = groups.map(({ name }) => name)
  const entries = [
    ...bad.map((entry, place) => [entry, `bad[${place}]`] as const),
    ...badFirmware.map((entry, place) => [entry, `badFirmware[${place}]`] as const),
  ]
  for (const [entry, at] of entries) {
    const meant = entry.where?.group
    if (meant !== undefined && !names.includes(meant)) {
      const message = `no group \`${meant}\`: expected ${names.join(', ')}`
      found.push({ at: `${at}.where.group`, message })
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function inside(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value)?.slice(0, 60) ?? String(value))
}
