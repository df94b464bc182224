/** A private server with one thing for the agent and one beside it, and what an operator does there. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CancelJobCommand,
  CreateCertificateFromCsrCommand,
  CreateJobCommand,
  CreatePolicyCommand,
  CreateThingCommand,
  DeleteJobCommand,
  DetachPolicyCommand,
  IoTClient,
  UpdateCertificateCommand,
  type CreateJobCommandInput,
} from '@aws-sdk/client-iot'
import { SystemClock } from '@muster/clock'
import { HttpsJobs, MqttLink } from '@muster/device'
import { createDeviceKeyAndCsr } from '@muster/pki'
import { startServer, type RunningServer, type ServerOptions } from '@muster/server'
import { Command } from 'commander'
import { addServerBehaviourFlags, type ServerBehaviourFlags } from '../flags/server-flags.ts'
import { freshServerOptions } from '../serve/fresh-server.ts'
import { undoAtExit } from './left-behind.ts'
import type { ServiceAddress } from './service-front.ts'

const THING = 'qualified-thing'
const OTHER = 'another-thing'
const ALLOWED = 'agent'
const DENIED = 'no-updates'

/** What the agent's certificate is. */
export interface ThingIdentity {
  readonly certificatePem: string
  readonly privateKeyPem: string
  readonly certificateId: string
  readonly certificateArn: string
}

export class PrivateService {
  readonly thingName: string = THING
  readonly #removeFolder: () => void
  readonly #options: ServerOptions
  #server: RunningServer
  #iot: IoTClient
  #away = false
  #identity: ThingIdentity | undefined

  private constructor(removeFolder: () => void, options: ServerOptions, server: RunningServer) {
    this.#removeFolder = removeFolder
    this.#options = options
    this.#server = server
    this.#iot = clientOf(server, options)
  }

  /** Starts one on free ports and a virtual clock, in a temporary folder. */
  static async start(): Promise<PrivateService> {
    const folder = mkdtempSync(join(tmpdir(), 'muster-qualify-'))
    const remove = (): void => rmSync(folder, { recursive: true, force: true })
    const forget = undoAtExit(remove)
    const removeNow = (): void => {
      remove()
      forget()
    }
    try {
      const command = addServerBehaviourFlags(new Command(), 'virtual')
      command.parse(['--log-level', 'silent'], { from: 'user' })
      const behaviour = command.opts<ServerBehaviourFlags>()
      const options = {
        ...freshServerOptions(join(folder, 'data'), behaviour),
        adminToken: undefined,
      }
      const service = new PrivateService(removeNow, options, await startServer(options))
      await service.#makeThings()
      return service
    } catch (cause) {
      removeNow()
      throw cause
    }
  }

  get identity(): ThingIdentity {
    if (this.#identity === undefined) throw new Error('there is no thing yet')
    return this.#identity
  }

  /** Where a front leads the agent; undefined while the server is away. */
  address(): ServiceAddress | undefined {
    if (this.#away) return undefined
    const { caPem, httpsPort, mqttPort } = this.#server
    return { caPem, httpsPort, mqttPort, ...this.identity }
  }

  async createJob(
    jobId: string,
    document: unknown,
    {
      forOther,
      retries,
      timeoutMinutes,
    }: { forOther?: boolean; retries?: number; timeoutMinutes?: number },
  ): Promise<void> {
    const { accountId, region } = this.#options
    const thing = forOther === true ? OTHER : THING
    const input: CreateJobCommandInput = {
      jobId,
      targets: [`arn:aws:iot:${region}:${accountId}:thing/${thing}`],
      document: JSON.stringify(document),
      ...(timeoutMinutes !== undefined && {
        timeoutConfig: { inProgressTimeoutInMinutes: timeoutMinutes },
      }),
      ...(retries !== undefined && {
        jobExecutionsRetryConfig: {
          criteriaList: [{ failureType: 'ALL', numberOfRetries: retries }],
        },
      }),
    }
    await this.#iot.send(new CreateJobCommand(input))
  }

  async cancelJob(jobId: string, force: boolean): Promise<void> {
    await this.#iot.send(new CancelJobCommand({ jobId, force }))
  }

  async deleteJob(jobId: string, force: boolean): Promise<void> {
    await this.#iot.send(new DeleteJobCommand({ jobId, force }))
  }

  async setCertificate(newStatus: 'ACTIVE' | 'INACTIVE'): Promise<void> {
    const { certificateId } = this.identity
    await this.#iot.send(new UpdateCertificateCommand({ certificateId, newStatus }))
  }

  async denyUpdates(denied: boolean): Promise<void> {
    const of = { policyName: DENIED, target: this.identity.certificateArn }
    await this.#iot.send(denied ? new AttachPolicyCommand(of) : new DetachPolicyCommand(of))
  }

  /** Moves the virtual clock. */
  async advance(advanceSeconds: number): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${this.#server.httpPort}/_muster/clock`, {
      method: 'POST',
      body: JSON.stringify({ advanceSeconds }),
    })
    if (!response.ok) throw new Error(`the clock did not move: ${await response.text()}`)
  }

  /** Reports IN_PROGRESS as the thing, beside the agent. */
  async reportBeside(jobId: string, stepTimeoutInMinutes: number | undefined): Promise<void> {
    const { httpsPort } = this.#server
    const jobs = new HttpsJobs({
      endpoint: { host: 'localhost', httpsPort, caPem: this.#server.caPem },
      identity: this.identity,
      thingName: THING,
    })
    const reply = await jobs.update(jobId, {
      status: 'IN_PROGRESS',
      ...(stepTimeoutInMinutes !== undefined && { stepTimeoutInMinutes }),
    })
    await jobs.close()
    if (!reply.ok) throw new Error(`a report beside the agent: ${reply.error.message}`)
  }

  /** Connects once with the agent's client ID and a clean session, and leaves. */
  async takeOver(clientId: string): Promise<void> {
    const { caPem, mqttPort } = this.#server
    const connected = Promise.withResolvers<void>()
    const link = new MqttLink(
      {
        endpoint: { host: 'localhost', mqttPort, caPem },
        identity: this.identity,
        clientId,
        wallClock: new SystemClock(),
        random: Math.random,
      },
      { up: () => connected.resolve(), down: () => {}, message: () => {} },
    )
    link.start()
    await connected.promise
    await link.stop()
  }

  /** Ends the server and starts it again on its data. */
  async restart(): Promise<void> {
    this.#away = true
    this.#iot.destroy()
    await this.#server.close()
    this.#server = await startServer(this.#options)
    this.#iot = clientOf(this.#server, this.#options)
    this.#away = false
  }

  async close(): Promise<void> {
    this.#iot.destroy()
    await this.#server.close()
    this.#removeFolder()
  }

  async #makeThings(): Promise<void> {
    const { accountId, region } = this.#options
    for (const thingName of [THING, OTHER])
      await this.#iot.send(new CreateThingCommand({ thingName }))
    const { csrPem, privateKeyPem } = createDeviceKeyAndCsr({ commonName: THING })
    const made = await this.#iot.send(
      new CreateCertificateFromCsrCommand({ certificateSigningRequest: csrPem, setAsActive: true }),
    )
    const { certificateArn = '', certificateId = '', certificatePem = '' } = made
    this.#identity = { certificateArn, certificateId, certificatePem, privateKeyPem }
    await this.#iot.send(
      new AttachThingPrincipalCommand({ thingName: THING, principal: certificateArn }),
    )
    const arn = (resource: string): string => `arn:aws:iot:${region}:${accountId}:${resource}`
    const policies = { [ALLOWED]: agentPolicy(arn), [DENIED]: noUpdates(arn) }
    for (const [policyName, statement] of Object.entries(policies)) {
      const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statement })
      await this.#iot.send(new CreatePolicyCommand({ policyName, policyDocument }))
    }
    await this.#iot.send(new AttachPolicyCommand({ policyName: ALLOWED, target: certificateArn }))
  }
}

/** Whatever an agent may want of its own thing, under any client ID. */
function agentPolicy(arn: (resource: string) => string): object[] {
  const own = [`$aws/things/${THING}/*`, `${THING}/*`]
  return [
    { Effect: 'Allow', Action: 'iot:Connect', Resource: arn('client/*') },
    {
      Effect: 'Allow',
      Action: ['iot:Publish', 'iot:Receive'],
      Resource: own.map((topic) => arn(`topic/${topic}`)),
    },
    {
      Effect: 'Allow',
      Action: 'iot:Subscribe',
      Resource: own.map((filter) => arn(`topicfilter/${filter}`)),
    },
    { Effect: 'Allow', Action: 'iotjobsdata:*', Resource: arn(`thing/${THING}`) },
  ]
}

function noUpdates(arn: (resource: string) => string): object[] {
  return [
    {
      Effect: 'Deny',
      Action: 'iot:Publish',
      Resource: arn(`topic/$aws/things/${THING}/jobs/*/update`),
    },
    { Effect: 'Deny', Action: 'iotjobsdata:UpdateJobExecution', Resource: arn(`thing/${THING}`) },
  ]
}

function clientOf(server: RunningServer, { region }: ServerOptions): IoTClient {
  return new IoTClient({
    endpoint: `http://127.0.0.1:${server.httpPort}`,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
}
