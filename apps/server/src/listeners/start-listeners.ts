/**
 * All listeners of a server on one set of services: what comes by which port (gateway G1).
 */
import { AwsProtocol } from '@muster/aws-protocol'
import { cognitoIssuer, cognitoProvider, type IamAccount } from '@muster/iam'
import type { GatewayPorts } from '@muster/link'
import { iotArn } from '@muster/model'
import type { GatewayView } from '../gateways/gateway-hub.ts'
import type { BehindTls, Gateways } from '../gateways/start-gateways.ts'
import { verifyTokenSignature } from '../authentication/token-signatures.ts'
import type { StsServices } from '../sts/answer-sts.ts'
import type { FailedHandshake } from '../decisions/tls-refusals.ts'
import type { HandshakeRules } from '../authentication/device-certificate.ts'
import type { AccessKeys } from '../authentication/access-keys.ts'
import { thisMachine } from '../machine.ts'
import type { Mount } from '../mount.ts'
import type { ServerOptions, ServerPorts } from '../options.ts'
import type { ServerIdentity } from '../server-identity.ts'
import type { Services } from '../services.ts'
import { startAlpn } from './alpn.ts'
import type { OnHandshake } from './handshakes.ts'
import { deviceListener, type DeviceNeeds } from './http-device.ts'
import type { SignedNeeds } from './http-signed.ts'
import { signedUpgrade } from './http-upgrade.ts'
import { mountedListener, startHttp } from './http.ts'
import { startHttps } from './https.ts'
import type { ListenAddress, RunningListener } from './listen.ts'
import { startMqtt } from './mqtt.ts'
import type { CertificateNeeds } from './mqtt-certificate.ts'
import { MqttOutbox } from './mqtt-outbox.ts'
import type { MqttGateway } from './mqtt-socket.ts'
import { openPort, type PortPlan } from './open-port.ts'
import { proxySources } from './proxy-protocol.ts'
import type { CredentialsProvider } from './role-alias-credentials.ts'
import { RequestBodies } from './request-bodies.ts'
import { certificateNeeds, issuerBeside, serverDispatch } from './service-needs.ts'
import { newTicketKeys, tlsOptions, type TlsSettings } from './tls-options.ts'
import { mqttWebSockets } from './websocket.ts'

/** What the listeners stand on. */
export interface ListenersNeeds {
  readonly options: ServerOptions
  readonly identity: ServerIdentity
  readonly services: Services
  readonly keys: AccessKeys
  /** Users and roles as they are now. */
  readonly iam: () => IamAccount
  readonly mounts: readonly Mount[]
  /** Gateways of a bus joined: clients come to other ports now. */
  portsChanged(ports: ServerPorts): void
}

/** Listeners that are up. */
export interface Listeners {
  readonly ports: ServerPorts
  /** Those that end TLS for this server; empty where it does so itself. */
  gateways(): readonly GatewayView[]
  /** Takes no more clients and parts with those of MQTT, evenly, over so many seconds. */
  drain(seconds: number): Promise<void>
  /** Ports that are not the wanted ones. */
  readonly notes: readonly string[]
  close(): Promise<void>
}

/** Throughput of one connection under AWS's quotas: 512 KB a second (gateway G35). */
const BYTES_PER_SECOND_QUOTA = 524_288

/** Starts all four listeners, or none. */
export async function startListeners(needs: ListenersNeeds): Promise<Listeners> {
  const { options, services } = needs
  const knownHosts = [...new Set([...options.hostnames, 'localhost', '127.0.0.1', '[::1]'])]
  const tls: TlsSettings = {
    certificates: needs.identity.certificates,
    knownHosts,
    ticketKeys: newTicketKeys(options),
  }
  const { broker } = services
  const gateway: MqttGateway = {
    broker,
    outbox: new MqttOutbox(services.turn),
    setTimer: (fire, afterMs) => thisMachine.setTimer(fire, afterMs),
    connectionBytesPerSecondMax: options.quotas === 'aws' ? BYTES_PER_SECOND_QUOTA : undefined,
  }
  const foreignIssuer = issuerBeside(needs.identity.authority.certificatePem)
  const rules = { strictSni: options.strictSni, wallMs: (): number => Date.now() }
  const certificates = certificateNeeds(services, rules, foreignIssuer)
  const signed = signedNeeds(needs, knownHosts)
  const device = deviceNeeds(needs, signed, rules, foreignIssuer)
  const webSockets = mqttWebSockets({
    gateway,
    refusals: services.refusals,
    operatorConnection: (client) =>
      services.operators.connection(() => client.key.identity(), client),
  })
  const guard = { knownHosts, adminToken: options.adminToken }
  const { refusals } = services
  const handshakes: OnHandshake = (...told) => services.metrics.handshake(...told)
  const upgrade = signedUpgrade({
    authentication: signed.authentication,
    refusals,
    accept: (accepted) => webSockets.accept(accepted),
  })
  const open: RunningListener[] = []
  const notes: string[] = []
  const { mqttPort, httpsPort, alpnPort, httpPort } = options.ports
  const { bind } = options
  const start = async (
    port: number,
    flag: string,
    listen: (port: number) => Promise<RunningListener>,
  ): Promise<number> => {
    const plan: PortPlan = { bind, port, flag, freeWhenTaken: options.freePortsWhenTaken }
    const listener = await openPort(plan, listen, (note) => notes.push(note))
    open.push(listener)
    return listener.port
  }
  const close = async (): Promise<void> => {
    broker.disconnectAll()
    await saidGoodbye(services.turn)
    await Promise.all([...open, ...(gateways ? [gateways] : [])].map((one) => one.close()))
  }
  let own: GatewayPorts = options.ports
  let http = httpPort
  let gateways: Gateways | undefined
  const listeners: Listeners = {
    get ports() {
      return { ...(gateways?.ports ?? own), httpPort: http }
    },
    gateways: () => gateways?.all() ?? [],
    drain: async (seconds) => {
      for (const listener of open) listener.stopAccepting()
      await (gateways === undefined ? partOverTime(broker, seconds) : gateways.drain())
    },
    notes,
    close,
  }
  const behind: BehindTls = {
    gateway,
    certificates,
    deviceRequests: deviceListener(device),
    // Links of jobs lead here: AWS's are https too (jobs J103).
    signedRequests: mountedListener({ signed, guard, mounts: services.mounts }),
    upgrade,
    refusals,
    handshakes,
  }
  const sources = proxySources(options.proxyFrom)
  const at = (port: number, listener?: FailedHandshake['listener']): ListenAddress => ({
    bind,
    port,
    proxies: sources && {
      sources,
      failed: (sourceIp) => {
        if (listener === undefined) options.log.warn({ sourceIp }, 'no PROXY header came')
        else refusals.handshake({ code: 'NO_PROXY_HEADER', listener, sourceIp })
      },
    },
  })
  const startOwn = async (): Promise<GatewayPorts> => ({
    mqttPort: await start(mqttPort, '--mqtt-port', (port) =>
      startMqtt({ address: at(port, 'MQTT'), tls, gateway, certificates, handshakes }),
    ),
    httpsPort: await start(httpsPort, '--https-port', (port) =>
      startHttps({ address: at(port, 'HTTPS'), tls: tlsOptions(tls), device, handshakes }),
    ),
    alpnPort: await start(alpnPort, '--alpn-port', (port) =>
      startAlpn({ address: at(port, 'ALPN'), tls, ...behind }),
    ),
  })
  try {
    if (options.gateways === undefined) own = await startOwn()
    else {
      // The link, NATS and what stands behind them: a server without gateways loads none of it.
      const { startGateways } = await import('../gateways/start-gateways.ts')
      gateways = await startGateways({
        options,
        gateways: options.gateways,
        identity: needs.identity,
        services,
        knownHosts,
        behind,
        portsChanged: () => needs.portsChanged(listeners.ports),
      })
      notes.push(...gateways.notes)
      services.metrics.meterGateways(() => gateways?.all() ?? [])
    }
    http = await start(httpPort, '--http-port', (port) =>
      startHttp({ address: at(port), signed, guard, mounts: needs.mounts, upgrade }),
    )
    return listeners
  } catch (cause) {
    await close()
    throw cause
  }
}

/** How long clients wait for a farewell that rests on what cannot be made durable. */
const FAREWELL_MS = 2000

/** Resolves once what clients are told last has left, or cannot. */
async function saidGoodbye(turn: Services['turn']): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, FAREWELL_MS)
  })
  // Whoever stops the server was told of a failed commit.
  await Promise.race([turn.committed().catch(() => {}), late])
  clearTimeout(timer)
}

function signedNeeds(needs: ListenersNeeds, knownHosts: readonly string[]): SignedNeeds {
  const { options, services } = needs
  const { turn, clock, rates } = services
  const protocol = new AwsProtocol()
  return {
    protocol,
    authentication: {
      region: options.region,
      keys: needs.keys,
      wallMs: () => Date.now(),
      knownHosts,
      corsOrigins: options.corsOrigins,
      refused: (refused, refusal) => services.refusals.signature(refused, refusal),
    },
    authority: services.operators,
    log: options.log,
    cognito: {
      account: services.account,
      state: services.cognito,
      key: services.cognitoKey,
      clock,
      turn,
      authority: services.operators,
      ...(rates && { throttled: (name) => rates.exceeded('cognito-identity', name) }),
    },
    sts: () => stsServices(needs),
    bodies: new RequestBodies(),
    refusals: services.refusals,
    dispatch: serverDispatch({ options, services, protocol, iam: needs.iam }),
  }
}

function stsServices({ services, iam }: ListenersNeeds): StsServices {
  const nowMs = services.clock.nowMs()
  const account = iam()
  return {
    iam: account,
    account: services.account,
    seal: services.sessions,
    nowMs,
    tokens: {
      nowMs,
      verify: verifyTokenSignature,
      issuerOf: (issuer) => {
        if (issuer === cognitoProvider) return cognitoIssuer(services.cognitoKey.publicKeys())
        const declared = account.oidcProviders.get(issuer)
        return (
          declared && {
            issuer,
            provider: declared.arn,
            keys: declared.keys,
            clientIds: declared.clientIds,
          }
        )
      },
    },
  }
}

function deviceNeeds(
  { iam, options: { log }, services }: ListenersNeeds,
  signed: SignedNeeds,
  rules: HandshakeRules,
  foreignIssuer: CertificateNeeds['foreignIssuer'],
): DeviceNeeds {
  return {
    log,
    credentials: credentialsProvider(services, iam),
    protocol: signed.protocol,
    certificates: services.registry,
    authorization: services.devices,
    dispatch: signed.dispatch,
    bodies: signed.bodies,
    principals: services.httpsPrincipals,
    refusals: services.refusals,
    foreignIssuer,
    rules,
  }
}

function credentialsProvider(services: Services, iam: () => IamAccount): CredentialsProvider {
  const { account, clock, devices, rates, registry, roleAliases, sessions } = services
  return {
    account,
    iam,
    seal: sessions,
    roleAliases,
    authorization: devices,
    nowMs: () => clock.nowMs(),
    attachedThing: (certificateId, thingName) => {
      const attached = registry.thingsOfPrincipal(iotArn(account, 'cert', certificateId))
      const isAttached = attached.some((thing) => thing.thingName === thingName)
      return isAttached ? registry.thing(thingName) : undefined
    },
    ...(rates && { throttled: () => rates.exceeded('credentials', 'AssumeRoleWithCertificate') }),
  }
}

/** How often some clients are parted with. */
const PARTING_STEP_MS = 100

async function partOverTime(
  broker: Pick<Services['broker'], 'connectionCount' | 'disconnectSome'>,
  seconds: number,
): Promise<void> {
  const each = Math.ceil((broker.connectionCount * PARTING_STEP_MS) / (seconds * 1000))
  while (broker.disconnectSome(Math.max(1, each)) > 0) {
    await new Promise((resolve) => setTimeout(resolve, PARTING_STEP_MS))
  }
}
