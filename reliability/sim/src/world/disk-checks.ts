/**
 * What is on the disk, read past the store, and what the registry answers, against what the model knows.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Services } from '@muster/server/in-process'
import { countsOf, type ModelState } from '../model/state.ts'
import { documentText } from '../model/policies.ts'
import { must } from '../violation.ts'
import { IDENTITIES } from './fleet.ts'
import { targetName, type PolicyView } from './policy-taps.ts'

const ARN = 'arn:aws:iot:us-east-1:123456789012:'

/** A database read past the store. */
export class Disk {
  readonly #database: DatabaseSync
  #executions: StatementSync | undefined
  #jobs: StatementSync | undefined

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** Executions, jobs and their counters. @throws Violation */
  check(state: ModelState): void {
    this.#executions ??= this.#database.prepare(
      'SELECT job_id, thing_name, number, status, version, details, queued_ms, started_ms, ' +
        'updated_ms, in_progress_until_ms, step_until_ms, retry_attempt FROM executions',
    )
    this.#jobs ??= this.#database.prepare('SELECT job_id, status, progress FROM jobs')
    checkExecutions(this.#executions.all(), state)
    checkJobs(this.#jobs.all(), state)
  }
}

type Rows = ReturnType<StatementSync['all']>

function checkExecutions(rows: Rows, state: ModelState): void {
  const found = new Map(
    rows.map((row) => [
      `${String(row['job_id'])}/${String(row['thing_name'])}/${String(row['number'])}`,
      Object.values(row).slice(3).join(' '),
    ]),
  )
  for (const one of state.executions) {
    const at = `${one.jobId}/${one.thing}/${one.number}`
    const wanted = [
      one.status,
      one.version,
      one.details && JSON.stringify(one.details),
      one.queuedAtMs,
      one.startedAtMs,
      one.updatedAtMs,
      one.inProgressUntilMs,
      one.stepUntilMs,
      one.attempt,
    ].join(' ')
    must(found.get(at) === wanted, 'nothing lost', () => {
      return `${at} is \`${found.get(at) ?? 'missing'}\` on the disk, not \`${wanted}\``
    })
    found.delete(at)
  }
  must(found.size === 0, 'nothing lost', () => {
    return `on the disk is what was never: ${[...found.keys()].join(', ')}`
  })
}

function checkJobs(rows: Rows, state: ModelState): void {
  must(rows.length === state.jobs.size, 'nothing lost', () => {
    return `there are ${rows.length} jobs on the disk, not ${state.jobs.size}`
  })
  for (const row of rows) {
    const jobId = String(row['job_id'])
    const job = state.jobs.get(jobId)
    const { things } = JSON.parse(String(row['progress'])) as { things: Record<string, number> }
    must(job?.status === row['status'], 'nothing lost', () => {
      return `job ${jobId} is ${String(row['status'])} on the disk, not ${job?.status}`
    })
    for (const [status, count] of Object.entries(countsOf(state, jobId))) {
      must(things[status] === count, 'counters', () => {
        return `job ${jobId} counts ${things[status]} ${status}, but has ${count} (jobs J87)`
      })
    }
  }
}

/** Things, groups, policies and certificates. @throws Violation */
export function checkRegistry({ registry }: Services, view: PolicyView): void {
  const { things, members } = view.registry
  for (const { name, certificateId, certificateName } of IDENTITIES) {
    same(`thing ${name}`, registry.thing(name) !== undefined, things.has(name))
    const status = registry.certificate(certificateId)?.status
    same(`status of ${certificateName}`, status, view.facts.statuses.get(certificateName))
    const arn = `${ARN}cert/${certificateId}`
    const attached = registry.thingsOfPrincipal(arn).map(({ thingName }) => thingName)
    sameSet(`things of ${certificateName}`, attached, view.facts.things.get(certificateName))
    const policies = registry.policiesOfTarget(arn)
    sameSet(`policies of ${targetName(arn)}`, policies, view.facts.attached.get(certificateName))
  }
  for (const [group, expected] of members) {
    same(`group ${group}`, registry.thingGroup(group) !== undefined, true)
    const below = new Set<string>(expected)
    for (const [child, parent] of view.registry.parents) {
      if (parent === group) for (const thing of members.get(child) ?? []) below.add(thing)
    }
    sameSet(`things in ${group}`, [...registry.thingsInGroup(group)], below)
    const policies = registry.policiesOfTarget(`${ARN}thinggroup/${group}`)
    sameSet(`policies of ${group}`, policies, view.facts.attached.get(`thinggroup/${group}`))
  }
  for (const [policy, statements] of view.facts.documents) {
    same(`policy ${policy}`, registry.defaultPolicyDocument(policy), documentText(statements))
  }
}

function same(what: string, found: unknown, expected: unknown): void {
  must(found === expected, 'nothing lost', () => {
    return `${what}: the registry has ${String(found)}, but was told ${String(expected)}`
  })
}

function sameSet(
  what: string,
  found: readonly string[],
  expected: ReadonlySet<string> = new Set(),
): void {
  same(what, found.toSorted().join(' '), [...expected].toSorted().join(' '))
}
