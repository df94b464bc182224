/**
 * The walk of unmodified clients: the AWS CLI makes a device and two jobs, mosquitto completes the first
 * over MQTT, curl the second over HTTPS. Every name is the run's own.
 */
import { once } from 'node:events'
import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import type { AccountStay } from '@muster/conformance'
import { createDeviceKeyAndCsr } from '@muster/pki'
import { Answered, Lines, type ClientPrograms } from './client-programs.ts'
import { walkPolicy } from './walk-policy.ts'

/** One step. */
export interface WalkStep {
  readonly id: string
  readonly title: string
  /** Of the ledger. */
  readonly rules: readonly string[]
  /** @throws Answered when the account did otherwise */
  walk(): Promise<void>
}

/** What a walk is made of. */
export interface Walk {
  readonly stay: AccountStay
  readonly programs: ClientPrograms
  /** The AWS CLI. */
  readonly aws: string
  /** Control plane, where a flag names one. */
  readonly endpoint: string | undefined
  readonly folder: string
}

/** The steps, in their order; each builds on those before it. */
export function stepsOf(walk: Walk): readonly WalkStep[] {
  return new ClientsWalk(walk).steps()
}

class ClientsWalk {
  readonly #walk: Walk
  readonly #name: string
  #thingArn = ''
  #certificateArn = ''

  constructor(walk: Walk) {
    this.#walk = walk
    const { prefix, run } = walk.stay.options
    this.#name = `${prefix}-${run}-walk`
  }

  steps(): readonly WalkStep[] {
    const step = (
      id: string,
      title: string,
      rules: readonly string[],
      walk: () => Promise<void>,
    ): WalkStep => ({ id, title, rules, walk })
    return [
      step('C01', 'the AWS CLI learns who it is', [], () => this.#caller()),
      step('C02', 'the AWS CLI makes a thing', [], () => this.#thing()),
      step('C03', 'a certificate of a request of the device', [], () => this.#certificate()),
      step('C04', 'a policy with its thing’s name as a variable', ['X11'], () => this.#policy()),
      step('C05', 'mosquitto_sub hears of a new job', ['J36', 'J37'], () => this.#notified()),
      step('C06', 'mosquitto_pub completes it', ['J28', 'J87'], () => this.#completedOverMqtt()),
      step('C07', 'curl starts the next one', ['J21', 'J45'], () => this.#startedOverHttps()),
      step('C08', 'curl completes it', ['J44', 'J87'], () => this.#completedOverHttps()),
      step('C09', 'curl finds nothing more to do', ['J20', 'J44'], () => this.#nothingPending()),
    ]
  }

  async #caller(): Promise<void> {
    const { accountId } = this.#walk.stay.options.place
    const asked = ['sts', 'get-caller-identity', '--query', 'Account', '--output', 'text']
    await this.#aws(asked, (said) => differs(said, accountId))
  }

  async #thing(): Promise<void> {
    const thingName = this.#name
    this.#walk.stay.track({ kind: 'thing', name: thingName, before: [] })
    const made = ['iot', 'create-thing', '--thing-name', thingName]
    this.#thingArn = await this.#aws([...made, '--query', 'thingArn', '--output', 'text'], (said) =>
      said.endsWith(`:thing/${thingName}`) ? undefined : `${said} is not its ARN`,
    )
  }

  async #certificate(): Promise<void> {
    const { folder, stay } = this.#walk
    const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName: stay.policyName })
    writeFileSync(join(folder, 'device.key'), privateKeyPem, { mode: 0o600 })
    writeFileSync(join(folder, 'device.csr'), csrPem)
    const request = ['--certificate-signing-request', 'file://device.csr', '--set-as-active']
    const out = ['--certificate-pem-outfile', 'device.pem', '--output', 'text']
    const made = ['iot', 'create-certificate-from-csr', ...request, ...out]
    const arn = await this.#aws([...made, '--query', 'certificateArn'], (said) =>
      said.includes(':cert/') ? undefined : `${said} is not an ARN`,
    )
    this.#certificateArn = arn
    const principal = { thingName: this.#name, principal: arn }
    const policy = { policyName: this.#name, target: arn }
    const before = [
      ['DetachThingPrincipal', principal],
      ['DetachPolicy', policy],
    ] as const
    stay.track({ kind: 'certificate', name: arn.split(':cert/')[1] ?? '', before })
  }

  async #policy(): Promise<void> {
    const { folder, stay } = this.#walk
    const policyName = this.#name
    const document = walkPolicy(stay.options.place, this.#thingArn, this.#name)
    writeFileSync(join(folder, 'policy.json'), document)
    // The certificate was tracked first and so goes last: its policy is detached by then, or here.
    const detached = ['DetachPolicy', { policyName, target: this.#certificateArn }] as const
    stay.track({ kind: 'policy', name: policyName, before: [detached] })
    const made = ['iot', 'create-policy', '--policy-name', policyName]
    await this.#aws([...made, '--policy-document', 'file://policy.json'])
    const attached = ['--policy-name', policyName, '--target', this.#certificateArn]
    await this.#aws(['iot', 'attach-policy', ...attached])
    const thing = ['--thing-name', this.#name, '--principal', this.#certificateArn]
    await this.#aws(['iot', 'attach-thing-principal', ...thing])
  }

  async #notified(): Promise<void> {
    const topic = `$aws/things/${this.#name}/jobs/notify-next`
    const seconds = Math.max(10, this.#walk.stay.options.patienceMs / 1000)
    const args = [...this.#mqtt(), '-d', '-C', '1', '-W', String(Math.ceil(seconds)), '-t', topic]
    // Debug lines come at once only from a program that does not gather its output.
    const heard = this.#walk.programs.start('stdbuf', ['-oL', 'mosquitto_sub', ...args])
    const ended = once(heard, 'close')
    const lines = new Lines(heard)
    const must = async (fits: RegExp, otherwise: string): Promise<void> => {
      if (await lines.until(fits)) return
      const line = `mosquitto_sub -t ${topic}`
      throw new Answered(otherwise, { line, code: null, stdout: '', stderr: '' })
    }
    try {
      await must(/Subscribed/, 'it was not subscribed')
      await this.#createJob('mqtt')
      await must(
        new RegExp(`"jobId":"${this.#name}-mqtt"`),
        `no notify-next with the job in ${seconds} s`,
      )
    } finally {
      heard.kill()
      await ended
    }
  }

  async #completedOverMqtt(): Promise<void> {
    const jobId = `${this.#name}-mqtt`
    const topic = `$aws/things/${this.#name}/jobs/${jobId}/update`
    for (const status of ['IN_PROGRESS', 'SUCCEEDED']) {
      const payload = JSON.stringify({ status })
      await this.#walk.programs.until('mosquitto_pub', [
        ...this.#mqtt(),
        '-t',
        topic,
        '-m',
        payload,
      ])
    }
    await this.#isComplete(jobId)
  }

  async #startedOverHttps(): Promise<void> {
    await this.#createJob('https')
    const next = this.#curl('/jobs/$next', '-X', 'PUT', '-d', '{}')
    await this.#walk.programs.until('curl', next, (said) =>
      said.includes('"status":"IN_PROGRESS"') ? undefined : `it answered ${said}`,
    )
  }

  async #completedOverHttps(): Promise<void> {
    const jobId = `${this.#name}-https`
    const done = this.#curl(`/jobs/${jobId}`, '-d', '{"status":"SUCCEEDED"}')
    await this.#walk.programs.until('curl', done, (said) => differs(said, '{}'))
    await this.#isComplete(jobId)
  }

  async #nothingPending(): Promise<void> {
    await this.#walk.programs.until('curl', this.#curl('/jobs'), (said) => {
      const { inProgressJobs, queuedJobs } = JSON.parse(said) as Record<string, unknown[]>
      return differs(JSON.stringify([inProgressJobs, queuedJobs]), '[[],[]]')
    })
  }

  async #createJob(kind: string): Promise<void> {
    const jobId = `${this.#name}-${kind}`
    this.#walk.stay.track({ kind: 'job', name: jobId, before: [] })
    const job = ['--job-id', jobId, '--targets', this.#thingArn]
    await this.#aws(['iot', 'create-job', ...job, '--document', '{"operation":"reboot"}'])
  }

  async #isComplete(jobId: string): Promise<void> {
    const execution = ['--job-id', jobId, '--thing-name', this.#name, '--output', 'text']
    const described = ['iot', 'describe-job-execution', ...execution]
    await this.#aws([...described, '--query', 'execution.status'], (s) => differs(s, 'SUCCEEDED'))
    const job = ['iot', 'describe-job', '--job-id', jobId, '--output', 'text']
    await this.#aws([...job, '--query', 'job.status'], (said) => differs(said, 'COMPLETED'))
  }

  async #aws(
    args: readonly string[],
    fits?: (stdout: string) => string | undefined,
  ): Promise<string> {
    const { aws, endpoint, programs, stay } = this.#walk
    const region = ['--region', stay.options.place.region]
    const at = endpoint === undefined ? region : [...region, '--endpoint-url', endpoint]
    return await programs.until(aws, [...args, ...at], fits)
  }

  #mqtt(): readonly string[] {
    const { host, port, ca } = this.#walk.stay.options.mqtt
    const trust = ca === undefined ? ['--tls-use-os-certs'] : ['--cafile', 'ca.pem']
    const device = ['--cert', 'device.pem', '--key', 'device.key', '-i', this.#name, '-q', '1']
    return ['-h', host, '-p', String(port), ...trust, ...device]
  }

  #curl(path: string, ...more: readonly string[]): readonly string[] {
    const { httpsPort, mqtt } = this.#walk.stay.options
    const trust = mqtt.ca === undefined ? [] : ['--cacert', 'ca.pem']
    const device = ['--cert', 'device.pem', '--key', 'device.key']
    const url = `https://${mqtt.host}:${httpsPort}/things/${this.#name}${path}`
    return ['--silent', '--show-error', '--fail-with-body', ...trust, ...device, ...more, url]
  }
}

function differs(said: string, wanted: string): string | undefined {
  return said === wanted ? undefined : `it said ${said || 'nothing'} instead of ${wanted}`
}
