/**
 * Faults to plant in the example agent: each must fail the case that it names. A text that stands once in a
 * file is replaced as the file is loaded; nothing is written.
 */

/** A text that stands once in a file, and what stands there instead. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** One planted fault. */
export interface Mutant {
  /** What is wrong with the agent then. */
  readonly name: string
  /** The case of `muster qualify` that must fail. */
  readonly caseId: string
  readonly edits: readonly Edit[]
}

const jobsAgent = 'packages/device/src/jobs/jobs-agent.ts'
const jobDocument = 'packages/device/src/jobs/job-document.ts'
const mqttDevice = 'packages/device/src/mqtt/mqtt-device.ts'
const mqttJobs = 'packages/device/src/mqtt/mqtt-jobs.ts'
const mqttLink = 'packages/device/src/mqtt/mqtt-link.ts'
const agent = 'packages/device/examples/agent.ts'
const download = 'packages/device/examples/download-handler.ts'

function mutant(name: string, caseId: string, file: string, find: string, replace: string): Mutant {
  return { name, caseId, edits: [{ file, find, replace }] }
}

const asks = 'this.poll()\n      return\n'
const retryable = "new Set(['RequestThrottled', 'InternalError', 'Timeout'])"
const lastNotice =
  'if (execution !== undefined && !this.#finished.includes(keyOf(execution))) this.poll()'
const unanswered = 'if (!passes) return\n'
const handled = 'const found = handlerFor(execution.jobDocument, handlers, fallbackHandler)\n'
const link = 'protocolVersion: protocol === '
const fs = "process.getBuiltinModule('node:fs')"

/** Asking and being told. */
const work: readonly Mutant[] = [
  mutant('waits for notifications alone', 'queued-before-start', jobsAgent, asks, 'return\n'),
  mutant(
    'asks for jobs at its first connection only',
    'notify-lost',
    jobsAgent,
    asks,
    `if (!Reflect.has(this, 'asked')) this.poll()\n      Reflect.set(this, 'asked', true)\n      return\n`,
  ),
  mutant(
    'does not subscribe',
    'happy-path',
    mqttDevice,
    'await this.#link.subscribe([this.#jobs.notifyNextTopic])',
    '',
  ),
  mutant(
    'subscribes at its first connection only',
    'session-lost',
    mqttDevice,
    'await this.#link.subscribe([this.#jobs.notifyNextTopic])',
    "if (!Reflect.has(this, 'once')) await this.#link.subscribe([this.#jobs.notifyNextTopic])\n      Reflect.set(this, 'once', true)",
  ),
  mutant(
    'does one job and no other',
    'two-queued',
    jobsAgent,
    'while (this.#again && this.#up',
    'while (false && this.#up',
  ),
  {
    name: 'forgets what it is told while it is busy',
    caseId: 'notify-before-reply',
    edits: [
      {
        file: jobsAgent,
        find: 'if (execution !== undefined) this.#again = true',
        replace: '',
      },
      { file: jobsAgent, find: 'this.#again = true\n      // Who', replace: '// Who' },
    ],
  },
  mutant(
    'runs what a notification says, without looking what it has done',
    'notify-after-end',
    jobsAgent,
    lastNotice,
    'if (execution !== undefined) void this.#run(execution)',
  ),
  mutant(
    'runs what a notification says, whoever’s it is',
    'job-of-other-thing',
    jobsAgent,
    lastNotice,
    lastNotice.replace('this.poll()', 'void this.#run(execution)'),
  ),
  mutant(
    'runs each notification, also beside a job',
    'notify-duplicated',
    jobsAgent,
    '    const running = this.#running\n    if (running !== undefined) {\n      if (execution',
    '    if (execution !== undefined) return void this.#run(execution)\n    const running = this.#running\n    if (running !== undefined) {\n      if (execution',
  ),
  mutant(
    'asks at each notification of another job',
    'notify-storm-next',
    jobsAgent,
    'if (this.#verifying) {',
    'if (false) {',
  ),
  {
    name: 'asks at each notification of the job in hand',
    caseId: 'notify-storm-own',
    edits: [
      { file: jobsAgent, find: 'if (this.#verifying) {', replace: 'if (false) {' },
      {
        file: jobsAgent,
        find: 'keyOf(execution) === keyOf(running.execution)) return\n',
        replace: 'keyOf(execution) === keyOf(running.execution)) return void this.#verify()\n',
      },
    ],
  },
  {
    name: 'knows executions by their job’s ID',
    caseId: 'retried',
    edits: [
      {
        file: jobsAgent,
        find: 'return `${execution.jobId}#${execution.executionNumber}`',
        replace: 'return execution.jobId',
      },
      {
        file: jobsAgent,
        find: "if (known && execution.status !== 'IN_PROGRESS') continue",
        replace: 'if (known) continue',
      },
    ],
  },
  mutant(
    'leaves jobs that are not of this hour',
    'clock-a-day-ahead',
    jobsAgent,
    handled,
    `if (Math.abs(Date.now() / 1000 - execution.queuedAt) > 3600) return\n      ${handled}`,
  ),
]

/** Documents and files. */
const documents: readonly Mutant[] = [
  mutant(
    'reports success for what it does not know',
    'document-unknown',
    jobsAgent,
    ": { status: 'REJECTED', statusDetails: { reason: found.error.message } }",
    ": { status: 'SUCCEEDED' }",
  ),
  mutant(
    'says nothing of documents that it does not know',
    'document-empty',
    jobsAgent,
    'if (abort.signal.aborted) return\n      running.reporting',
    'if (!found.ok || abort.signal.aborted) return\n      running.reporting',
  ),
  mutant(
    'dies of a document of another form',
    'document-malformed',
    jobDocument,
    "'afr_ota' : document['operation']",
    "'afr_ota' : (document['operation'] as string | undefined)?.trim()",
  ),
  mutant(
    'reads 8 KB of a message',
    'document-large',
    mqttJobs,
    'const body = parseObject(payload)\n    if (topic',
    'const body = parseObject(payload.subarray(0, 8192))\n    if (topic',
  ),
  mutant(
    'reports success whatever came of it',
    'job-fails',
    jobsAgent,
    'status: result.status,\n',
    "status: 'SUCCEEDED',\n",
  ),
  mutant(
    'takes an error for success',
    'link-expired',
    jobsAgent,
    "return { status: 'FAILED', statusDetails: { reason: reason",
    "return { status: 'SUCCEEDED', statusDetails: { reason: reason",
  ),
  mutant('checks no digest', 'digest-wrong', download, 'found === sha256', "found !== ''"),
  {
    name: 'takes half a file for a file',
    caseId: 'link-cut',
    edits: [
      {
        file: download,
        find: 'throw cause\n    return false',
        replace: 'throw cause\n    return true',
      },
      { file: download, find: 'found === sha256', replace: "found !== ''" },
    ],
  },
  mutant(
    'has no patience with a slow file',
    'link-slow',
    download,
    'send(url, { ca, headers, signal }',
    'send(url, { ca, headers, signal: AbortSignal.timeout(200) }',
  ),
]

/** Answers. */
const replies: readonly Mutant[] = [
  mutant(
    'gives up when it is throttled',
    'update-throttled',
    jobsAgent,
    retryable,
    "new Set(['InternalError', 'Timeout'])",
  ),
  mutant(
    'gives up at a fault of the service',
    'start-internal-error',
    jobsAgent,
    retryable,
    "new Set(['RequestThrottled', 'Timeout'])",
  ),
  mutant(
    'gives a start up that is not answered',
    'start-reply-lost',
    jobsAgent,
    retryable,
    "new Set(['RequestThrottled', 'InternalError'])",
  ),
  mutant('gives an end up that is not answered', 'update-lost', jobsAgent, unanswered, 'return\n'),
  mutant(
    'runs a job again whose end is not answered',
    'terminal-reply-lost',
    jobsAgent,
    unanswered,
    `if (code === 'Timeout') return this.#run(execution)\n      ${unanswered}`,
  ),
  mutant(
    'waits a second for answers',
    'replies-slow',
    agent,
    'requestTimeoutMs: 5000',
    'requestTimeoutMs: 1000',
  ),
  mutant(
    'dies of an answer that it does not wait for',
    'replies-duplicated',
    mqttJobs,
    'if (body === undefined || waiting === undefined) return undefined\n',
    "if (body === undefined || waiting === undefined) throw new Error('nobody asked')\n",
  ),
  {
    name: 'expects a version and takes no other',
    caseId: 'version-mismatch',
    edits: [
      { file: agent, find: link, replace: `expectVersions: true,\n  ${link}` },
      {
        file: jobsAgent,
        find: "if (reply.error.code === 'VersionMismatch' && expects",
        replace: 'if (false && expects',
      },
    ],
  },
]

/** Who asks finds out before its update is refused. */
const asksNot: Edit = {
  file: jobsAgent,
  find: 'if (execution === undefined || !this.#up) return\n',
  replace: 'if (execution !== undefined) return\n',
}

/** Operators. */
const operators: readonly Mutant[] = [
  mutant('reports for ever what was cancelled', 'force-cancelled', jobsAgent, unanswered, ''),
  mutant(
    'reports for ever what was deleted',
    'deleted-in-progress',
    jobsAgent,
    retryable,
    retryable.replace("'Timeout'", "'Timeout', 'ResourceNotFound'"),
  ),
  {
    name: 'reports for ever what has timed out',
    caseId: 'timed-out',
    edits: [
      asksNot,
      {
        file: jobsAgent,
        find: retryable,
        replace: retryable.replace("'Timeout'", "'Timeout', 'InvalidStateTransition'"),
      },
    ],
  },
  {
    name: 'dies of a refusal',
    caseId: 'step-timer-ran-out',
    edits: [
      asksNot,
      {
        file: jobsAgent,
        find: "this.#refused('update', reply.error)\n",
        replace: 'throw new Error(reply.error.message)\n',
      },
    ],
  },
  {
    name: 'does not look whether its job was cancelled',
    caseId: 'force-cancelled-stuck',
    edits: [asksNot],
  },
]

/** Connections and starts. */
const connections: readonly Mutant[] = [
  mutant(
    'gives an end up whose connection ended',
    'cut-before-update',
    jobsAgent,
    "code === 'Disconnected' || code === 'Denied'",
    "code === 'Denied'",
  ),
  mutant(
    'runs a job again whose end met a cut',
    'cut-during-update',
    jobsAgent,
    unanswered,
    `if (code === 'Disconnected') return this.#run(execution)\n      ${unanswered}`,
  ),
  mutant(
    'drops the end of a job that comes while it is away',
    'cut-while-busy',
    jobsAgent,
    'await new Promise<void>((resolve) => this.#wakeWaiters.push(resolve))\n        continue',
    'return',
  ),
  mutant(
    'comes back after an hour',
    'queued-while-away',
    agent,
    'firstMs: 1000, maxMs: 5000, jitter: 0.5',
    'firstMs: 3_600_000, maxMs: 3_600_000, jitter: 0',
  ),
  mutant(
    'never connects again',
    'server-restarted',
    mqttLink,
    'if (!this.#stopped) {\n      this.#cancelRetry',
    'if (false) {\n      this.#cancelRetry',
  ),
  mutant(
    'ends when its connection does',
    'taken-over',
    agent,
    link,
    `observer: { disconnected: () => process.exit(0) },\n  ${link}`,
  ),
  mutant(
    'gives up when it is refused',
    'certificate-deactivated',
    mqttLink,
    "if (reason.kind === 'refused') this.#connectSeenAtMs =",
    "if (reason.kind === 'refused') this.#stopped = true\n    this.#connectSeenAtMs =",
  ),
  mutant(
    'gives up when it is denied something',
    'update-denied',
    agent,
    link,
    `observer: { disconnected: ({ kind }) => void (kind === 'denied' && process.exit(0)) },\n  ${link}`,
  ),
  mutant(
    'takes a job for done that it had begun before its start',
    'killed-while-busy',
    jobsAgent,
    handled,
    `const mark = process.argv[3] + execution.jobId\n      if (${fs}.existsSync(mark)) return\n      ${fs}.writeFileSync(mark, '')\n      ${handled}`,
  ),
  {
    name: 'runs the last job again at its start',
    caseId: 'killed-before-answer',
    edits: [
      {
        file: jobsAgent,
        find: handled,
        replace: `${fs}.writeFileSync(process.argv[3] + '.job', JSON.stringify(execution))\n      ${handled}`,
      },
      {
        file: jobsAgent,
        find: asks,
        replace: `const file = process.argv[3] + '.job'\n    if (${fs}.existsSync(file)) void this.#run(JSON.parse(${fs}.readFileSync(file, 'utf8')))\n    else ${asks}`,
      },
    ],
  },
]

/** All of them, by what they are about. */
export const MUTANTS: readonly Mutant[] = [
  ...work,
  ...documents,
  ...replies,
  ...operators,
  ...connections,
]
