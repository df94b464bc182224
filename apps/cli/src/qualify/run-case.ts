/** Carries out one case: a private server, a front, the agent, and the steps. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  fillDocument,
  judge,
  missingInPlan,
  Trace,
  type FaultDoes,
  type Finding,
  type Offer,
  type Plan,
  type QualifyCase,
  type Step,
  type Until,
  type WireEvent,
} from '@muster/qualify'
import { AgentProcess, type CommandValues } from './agent-process.ts'
import { FaultDesk } from './fault-desk.ts'
import { JobFiles } from './job-files.ts'
import { undoAtExit } from './left-behind.ts'
import { PrivateService } from './private-service.ts'
import { Recorder } from './recorder.ts'
import { ServiceFront, type FrontIdentity } from './service-front.ts'

/** What a case came to. */
export interface CaseResult extends Finding {
  readonly case: QualifyCase
  readonly events: readonly WireEvent[]
  /** What the agent said last. */
  readonly output: string
  readonly tookMs: number
}

/** What every case is run with. */
export interface CaseTerms {
  readonly command: string
  readonly plan: Plan
  readonly identity: FrontIdentity
}

/** An agent that ends is started again after this, where the plan says so. */
const RESTART_MS = 1000

/** Runs a case; what goes wrong of our own is thrown. */
export async function runCase(of: QualifyCase, terms: CaseTerms): Promise<CaseResult> {
  const startedMs = performance.now()
  const missing = missingInPlan(of, terms.plan)
  if (missing !== undefined) return { case: of, ...missing, events: [], output: '', tookMs: 0 }
  const run = await CaseRun.open(of, terms)
  try {
    const stopped = await run.steps()
    const { ended, output, trace } = run
    const finding = judge(of, terms.plan, { trace, ...stopped, ended })
    const tookMs = Math.round(performance.now() - startedMs)
    return { case: of, ...finding, events: trace.events, output, tookMs }
  } finally {
    await run.close()
  }
}

function wordOf(does: FaultDoes): string {
  if (typeof does === 'string') return does
  return 'refuse' in does ? `refuse with ${does.refuse}` : `delay by ${does.delayMs} ms`
}

class CaseRun {
  readonly #case: QualifyCase
  readonly #terms: CaseTerms
  readonly #folder = mkdtempSync(join(tmpdir(), 'muster-agent-'))
  readonly #temporary = join(this.#folder, 'tmp')
  readonly #keepFolder = undoAtExit(() => this.#removeFolder())
  readonly #recorder = new Recorder()
  readonly #desk = new FaultDesk(
    (job) => this.#jobId(job),
    (does) => this.#recorder.record({ kind: 'act', what: `fault: ${wordOf(does)}` }),
  )
  readonly #files = new JobFiles(this.#recorder)
  readonly #service: PrivateService
  readonly #front: ServiceFront
  #values: CommandValues | undefined
  #origin = ''
  #agent: AgentProcess | undefined
  #restart: NodeJS.Timeout | undefined
  #requests = 0
  /** How the agent's process ended by itself, last. */
  ended: string | undefined
  #said = ''

  private constructor(of: QualifyCase, terms: CaseTerms, service: PrivateService) {
    this.#case = of
    this.#terms = terms
    this.#service = service
    const ports = { desk: this.#desk, recorder: this.#recorder, nextId: () => ++this.#requests }
    this.#front = new ServiceFront(terms.identity, () => service.address(), ports, this.#files)
  }

  static async open(of: QualifyCase, terms: CaseTerms): Promise<CaseRun> {
    const run = new CaseRun(of, terms, await PrivateService.start())
    const { httpsPort, mqttPort } = await run.#front.listen()
    run.#origin = `https://localhost:${httpsPort}`
    const { certificatePem, privateKeyPem } = run.#service.identity
    mkdirSync(run.#temporary, { mode: 0o700 })
    const file = (name: string, text: string): string => {
      const path = join(run.#folder, name)
      writeFileSync(path, text, { mode: 0o600 })
      return path
    }
    run.#values = {
      thing: run.#service.thingName,
      cert: file('cert.pem', certificatePem),
      key: file('key.pem', privateKeyPem),
      ca: file('ca.pem', terms.identity.caPem),
      host: 'localhost',
      mqttPort: String(mqttPort),
      httpsPort: String(httpsPort),
    }
    return run
  }

  get trace(): Trace {
    const { events } = this.#recorder
    return new Trace(events, this.#service.thingName, (job) => this.#jobId(job))
  }

  get output(): string {
    return this.#said + (this.#agent?.output ?? '')
  }

  /** @returns what ended them early: a step that waited in vain, or one that the service refused */
  async steps(): Promise<{ readonly stalled?: Until; readonly refused?: string }> {
    for (const step of this.#case.steps) {
      if (step.do !== 'until') {
        try {
          await this.#carryOut(step)
        } catch (cause) {
          return { refused: `${step.do}: ${(cause as Error).message}` }
        }
      } else if (!(await this.#until(step))) return { stalled: step }
    }
    return {}
  }

  async close(): Promise<void> {
    clearTimeout(this.#restart)
    this.#desk.close()
    this.#files.close()
    await this.#agent?.kill()
    await this.#front.close()
    await this.#service.close()
    this.#removeFolder()
    this.#keepFolder()
  }

  #removeFolder(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #until({ atOnce = false, seen }: Until): Promise<boolean> {
    const { plan } = this.#terms
    if (atOnce) return Promise.resolve(seen(this.trace, plan))
    const isSeen = (): boolean => seen(this.trace, plan)
    return this.#recorder
      .until(() => isSeen() || this.#neverCame, plan.patienceSeconds * 1000)
      .then((came) => came && isSeen())
  }

  /** The agent failed before it said a word, and nobody starts it again: there is nothing to wait for. */
  get #neverCame(): boolean {
    if (this.#terms.plan.restart || this.#agent?.hasFailed !== true) return false
    return this.#recorder.events.every(({ kind }) => kind === 'act' || kind === 'agent')
  }

  async #carryOut(step: Exclude<Step, Until>): Promise<void> {
    if (step.do === 'quiet') {
      const quietMs = this.#terms.plan.quietSeconds * 1000
      await this.#recorder.quiet(quietMs, 3 * quietMs)
      return
    }
    if (step.do === 'fault') {
      this.#desk.arm(step.fault)
      return
    }
    const jobId = 'job' in step ? { jobId: this.#jobId(step.job) } : {}
    // A job for another thing is no job of the agent's.
    const what = step.do === 'offer' && step.forOther === true ? 'offer-other' : step.do
    this.#recorder.record({ kind: 'act', what, ...jobId })
    await this.#act(step)
  }

  async #act(step: Exclude<Step, Until | { do: 'quiet' | 'fault' }>): Promise<void> {
    const service = this.#service
    switch (step.do) {
      case 'offer':
        return this.#offer(step)
      case 'clear-faults':
        return this.#desk.clear()
      case 'release-held':
        return this.#desk.release()
      case 'release-file':
        return this.#files.release(this.#jobId(step.job))
      case 'start':
        return this.#start()
      case 'kill':
        return this.#kill()
      case 'cut':
        return this.#front.cut()
      case 'link-down':
      case 'link-up':
        return this.#front.setDown(step.do === 'link-down')
      case 'restart-server':
        return service.restart()
      case 'activate':
      case 'deactivate':
        return service.setCertificate(step.do === 'activate' ? 'ACTIVE' : 'INACTIVE')
      case 'allow-updates':
      case 'deny-updates':
        return service.denyUpdates(step.do === 'deny-updates')
      case 'take-over':
        return this.#takeOver()
      case 'cancel':
        return service.cancelJob(this.#jobId(step.job), step.force)
      case 'delete':
        return service.deleteJob(this.#jobId(step.job), step.force)
      case 'report-beside':
        return service.reportBeside(this.#jobId(step.job), step.stepTimeoutMinutes)
      case 'advance':
        return service.advance(step.seconds)
      case 'forge-notice':
        return this.#forge(this.#jobId(step.job), step.times)
    }
  }

  async #offer({ document, file = 'whole', job, padding, ...more }: Offer): Promise<void> {
    const jobId = this.#jobId(job)
    const kept = this.#files.keep(this.#origin, jobId, file)
    const wanted =
      typeof document === 'string' ? this.#terms.plan.documents[document] : document.literal
    const filled = fillDocument(wanted, kept)
    const padded =
      padding === undefined ? filled : { ...(filled as object), padding: '.'.repeat(padding) }
    await this.#service.createJob(jobId, padded, more)
  }

  #start(): void {
    if (this.#values === undefined) throw new Error('there is no front yet')
    this.ended = undefined
    this.#recorder.record({ kind: 'agent', what: 'started' })
    const agent = new AgentProcess(this.#terms.command, this.#values, this.#temporary, (how) => {
      if (this.#agent !== agent) return
      this.ended = how
      this.#recorder.record({ kind: 'agent', what: 'ended', how })
      if (!this.#terms.plan.restart) return
      this.#said += agent.output
      this.#restart = setTimeout(() => this.#start(), RESTART_MS)
    })
    this.#agent = agent
  }

  async #kill(): Promise<void> {
    clearTimeout(this.#restart)
    const agent = this.#agent
    this.#agent = undefined
    await agent?.kill()
    this.#said += agent?.output ?? ''
    this.#recorder.record({ kind: 'agent', what: 'killed' })
  }

  async #takeOver(): Promise<void> {
    const connecting = this.#recorder.events.findLast((event) => event.kind === 'connecting')
    // Over HTTPS there is nothing to take over.
    if (connecting?.clientId !== undefined) await this.#service.takeOver(connecting.clientId)
  }

  /** As the service words it, for an execution that waits. */
  #forge(jobId: string, times: number): void {
    const seconds = Math.floor(Date.now() / 1000)
    const execution = {
      jobId,
      status: 'QUEUED',
      queuedAt: seconds,
      lastUpdatedAt: seconds,
      versionNumber: 1,
      executionNumber: 1,
      jobDocument: fillDocument(this.#terms.plan.documents.works, this.#files.of(jobId)),
    }
    const topic = `$aws/things/${this.#service.thingName}/jobs/notify-next`
    const payload = JSON.stringify({ timestamp: seconds, execution })
    for (let time = 0; time < times; time++) this.#front.forge(topic, payload)
  }

  #jobId(job: string): string {
    return `${this.#case.id}-${job}`
  }
}
