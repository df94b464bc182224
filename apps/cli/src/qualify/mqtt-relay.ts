/**
 * One MQTT connection of the agent, passed on to the service packet by packet: bytes that no fault
 * meets pass as they came.
 */
import type { TLSSocket } from 'node:tls'
import {
  readBody,
  readJobsTopic,
  rejectedTopic,
  type Asked,
  type Body,
  type RefusalCode,
  type Requested,
} from '@muster/qualify'
import type { IPubackPacket, IPublishPacket, Packet } from 'mqtt-packet'
import { PacketSplitter, readPacket, writePacket, type MqttVersion } from './packets.ts'
import { passToAgent, type RelayPorts } from './passing.ts'

/** How long an agent may take to close its side, once the service has closed its own. */
const FAREWELL_MS = 2000

interface Pending {
  readonly requested: Requested
  readonly token: unknown
  /** Of its PUBLISH. */
  readonly messageId: number | undefined
}

export class MqttRelay {
  readonly #agent: TLSSocket
  readonly #service: TLSSocket
  readonly #ports: RelayPorts
  readonly #fromAgent = new PacketSplitter()
  readonly #fromService = new PacketSplitter()
  #version: MqttVersion = 4
  /** Requests that wait for their answers, oldest first. */
  #pending: Pending[] = []
  /** Filters of SUBSCRIBEs that wait to be granted. */
  readonly #asked = new Map<number, readonly string[]>()
  readonly #granted = new Set<string>()
  #closedBy: 'agent' | 'service' | undefined
  #connecting = false
  #farewell: NodeJS.Timeout | undefined

  /** @param service - connected as the agent's thing */
  constructor(agent: TLSSocket, service: TLSSocket, ports: RelayPorts) {
    this.#agent = agent
    this.#service = service
    this.#ports = ports
    agent.on('data', (bytes: Buffer) => {
      for (const packet of this.#fromAgent.push(bytes)) this.#fromAgentPacket(packet)
    })
    service.on('data', (bytes: Buffer) => {
      for (const packet of this.#fromService.push(bytes)) this.#fromServicePacket(packet)
    })
    agent.on('error', () => {})
    service.on('error', () => {})
    agent.on('close', () => this.#closed('agent'))
    service.on('close', () => this.#closed('service'))
  }

  /** Ends both sides at once, as a cable that is pulled. */
  cut(): void {
    this.#closed('service')
    this.#agent.destroy()
  }

  /** Sends a notification as if the service did, to an agent that subscribes to such. */
  forge(topic: string, payload: string): void {
    const told = readJobsTopic(topic)
    if (told?.kind !== 'notice' || ![...this.#granted].some((filter) => covers(filter, topic)))
      return
    this.#ports.recorder.record({
      kind: 'notice',
      topic: told.topic,
      ...executionOf(readBody(payload)),
      lost: false,
      forged: true,
    })
    this.#tell(topic, payload)
  }

  #closed(by: 'agent' | 'service'): void {
    if (this.#closedBy === undefined) {
      this.#closedBy = by
      if (this.#connecting) this.#ports.recorder.record({ kind: 'closed', by })
    }
    this.#service.destroy()
    // What the service said last arrives first; a reset would take it back.
    this.#agent.end()
    this.#farewell ??= setTimeout(() => this.#agent.destroy(), FAREWELL_MS)
    if (by === 'agent') clearTimeout(this.#farewell)
  }

  #fromAgentPacket(bytes: Buffer): void {
    if (this.#closedBy !== undefined) return
    const packet = readPacket(bytes, this.#version)
    if (packet?.cmd === 'connect') {
      this.#version = packet.protocolVersion === 5 ? 5 : 4
      this.#connecting = true
      this.#ports.recorder.record({
        kind: 'connecting',
        protocol: this.#version === 5 ? 'mqtt-5' : 'mqtt-3.1.1',
        clientId: packet.clientId,
        cleanSession: packet.clean ?? true,
      })
    } else if (packet?.cmd === 'subscribe' && packet.messageId !== undefined) {
      this.#asked.set(
        packet.messageId,
        packet.subscriptions.map(({ topic }) => topic),
      )
    } else if (packet?.cmd === 'publish') {
      const told = readJobsTopic(packet.topic)
      if (told?.kind === 'request') {
        this.#request(bytes, packet, told)
        return
      }
    }
    this.#service.write(bytes)
  }

  #request(
    bytes: Buffer,
    packet: IPublishPacket,
    { asked, thingName }: { readonly asked: Asked; readonly thingName: string },
  ): void {
    const { desk, nextId, recorder } = this.#ports
    const body = readBody(packet.payload.toString())
    const requested: Requested = {
      kind: 'request',
      id: nextId(),
      thingName,
      ...asked,
      body,
      lost: false,
    }
    const does = desk.take({ message: requested })
    const forward = (): void => {
      this.#pending.push({ requested, token: body['clientToken'], messageId: packet.messageId })
      this.#service.write(bytes)
    }
    if (does === 'lose' || does === 'cut' || (typeof does === 'object' && 'refuse' in does)) {
      recorder.record({ ...requested, lost: true })
      if (does === 'cut') this.cut()
      else {
        this.#acknowledge(this.#agent, packet)
        if (does !== 'lose') this.#refuse(requested, does.refuse)
      }
      return
    }
    recorder.record(requested)
    if (does === 'hold') {
      recorder.record({ kind: 'act', what: 'held' })
      desk.hold(forward)
    } else if (typeof does === 'object') desk.delay(forward, does.delayMs)
    else forward()
  }

  #refuse({ body, id, jobId, request, thingName }: Requested, code: RefusalCode): void {
    const { clientToken } = body as { readonly clientToken?: unknown }
    const refusal: Body = {
      code,
      message: 'the service cannot answer now',
      timestamp: Math.floor(Date.now() / 1000),
      ...(clientToken === undefined ? {} : { clientToken }),
    }
    const named = jobId === undefined ? {} : { jobId }
    this.#ports.recorder.record({
      kind: 'answer',
      to: id,
      request,
      ...named,
      accepted: false,
      code,
      body: refusal,
      lost: false,
    })
    this.#tell(rejectedTopic(thingName, { request, ...named }), JSON.stringify(refusal))
  }

  #fromServicePacket(bytes: Buffer): void {
    const packet = readPacket(bytes, this.#version)
    if (packet?.cmd === 'publish' && this.#passJobs(bytes, packet)) return
    if (packet?.cmd === 'connack') this.#connected(packet)
    if (packet?.cmd === 'puback') this.#notAuthorized(packet)
    if (packet?.cmd === 'suback') this.#subscribed(packet.messageId ?? 0, packet.granted)
    this.#agent.write(bytes)
  }

  #connected(packet: Packet & { readonly cmd: 'connack' }): void {
    const code = this.#version === 5 ? packet.reasonCode : packet.returnCode
    const { sessionPresent } = packet
    this.#ports.recorder.record({ kind: 'connected', accepted: (code ?? 0) === 0, sessionPresent })
    // Nobody tells which filters an earlier session had.
    if (sessionPresent) this.#granted.add('$aws/#')
  }

  /** MQTT 5 tells by a PUBACK that no policy allows a request. */
  #notAuthorized({ messageId, reasonCode = 0 }: IPubackPacket): void {
    const at = this.#pending.findIndex((pending) => pending.messageId === messageId)
    if (at < 0 || reasonCode < 0x80) return
    const [pending] = this.#pending.splice(at, 1)
    if (pending === undefined) return
    const { id, jobId, request } = pending.requested
    this.#ports.recorder.record({
      kind: 'answer',
      to: id,
      request,
      ...(jobId !== undefined && { jobId }),
      accepted: false,
      code: `PUBACK ${reasonCode}`,
      body: {},
      lost: false,
    })
  }

  #subscribed(messageId: number, granted: readonly unknown[]): void {
    const filters = (this.#asked.get(messageId) ?? []).filter((_, at) => Number(granted[at]) < 0x80)
    this.#asked.delete(messageId)
    if (filters.length === 0) return
    for (const filter of filters) this.#granted.add(filter)
    this.#ports.recorder.record({ kind: 'subscribed', filters })
  }

  /** @returns whether it was a message of Jobs */
  #passJobs(bytes: Buffer, packet: IPublishPacket): boolean {
    const told = readJobsTopic(packet.topic)
    if (told === undefined || told.kind === 'request') return false
    const body = readBody(packet.payload.toString())
    const payload = packet.payload.toString()
    const ways = {
      deliver: () => void this.#agent.write(bytes),
      repeat: () => this.#tell(packet.topic, payload),
      lose: () => this.#acknowledge(this.#service, packet),
      cut: (flushed: boolean) => {
        if (flushed) this.#closed('service')
        else this.cut()
      },
    }
    if (told.kind === 'notice') {
      const { topic } = told
      const message = {
        kind: 'notice',
        topic,
        ...executionOf(body),
        lost: false,
        forged: false,
      } as const
      passToAgent(this.#ports, { message, ...ways })
      return true
    }
    const asked = this.#answered(told.asked, body['clientToken'])
    const { accepted } = told
    const code = accepted ? {} : { code: String(body['code']) }
    passToAgent(this.#ports, {
      message: {
        kind: 'answer',
        to: asked?.id ?? 0,
        ...told.asked,
        accepted,
        ...code,
        body,
        lost: false,
      },
      asked,
      ...ways,
    })
    return true
  }

  /** Takes the request that an answer is for; without a token the oldest of its kind. */
  #answered(asked: Asked, token: unknown): Requested | undefined {
    const at = this.#pending.findIndex(
      ({ requested, token: sent }) =>
        sent === token && requested.request === asked.request && requested.jobId === asked.jobId,
    )
    return at < 0 ? undefined : this.#pending.splice(at, 1)[0]?.requested
  }

  #acknowledge(to: TLSSocket, { messageId, qos }: IPublishPacket): void {
    if (qos === 1)
      to.write(writePacket({ cmd: 'puback', ...(messageId && { messageId }) }, this.#version))
  }

  #tell(topic: string, payload: string): void {
    this.#agent.write(
      writePacket(
        { cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false },
        this.#version,
      ),
    )
  }
}

/** What `notify-next` says of its execution. */
function executionOf(body: Body): { readonly jobId?: string; readonly executionNumber?: number } {
  const execution = body['execution'] as Body | undefined
  const { executionNumber, jobId } = execution ?? {}
  return {
    ...(typeof jobId === 'string' && { jobId }),
    ...(typeof executionNumber === 'number' && { executionNumber }),
  }
}

/** Whether a filter covers a topic. */
function covers(filter: string, topic: string): boolean {
  const levels = topic.split('/')
  const parts = filter.split('/')
  for (const [at, part] of parts.entries()) {
    if (part === '#') return true
    if (levels[at] === undefined || (part !== '+' && part !== levels[at])) return false
  }
  return parts.length === levels.length
}
