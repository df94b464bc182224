/**
 * All listeners of a server on one set of services: what comes by which port (gateway G1).
 */
import { AwsProtocol } from '@muster/aws-protocol'
import { iotArn } from '@muster/model'
import type { HandshakeRules } from '../authentication/device-certificate.ts'
import type { AccessKeys } from '../authentication/iam-users.ts'
import { createDispatch } from '../operations/dispatch.ts'
import { ENDPOINT_PREFIX } from '../operations/describe-endpoint.ts'
import { documentSourceReader } from '../operations/jobs-document-source.ts'
import { operations } from '../operations/table.ts'
import type { Logger } from '../log.ts'
import type { Mount } from '../mount.ts'
import type { ServerOptions, ServerPorts } from '../options.ts'
import type { ServerIdentity } from '../server-identity.ts'
import type { Services } from '../services.ts'
import { startAlpn } from './alpn.ts'
import { deviceListener, type DevicePorts } from './http-device.ts'
import { signedListener, type SignedPorts } from './http-signed.ts'
import { signedUpgrade } from './http-upgrade.ts'
import { startHttp } from './http.ts'
import { startHttps } from './https.ts'
import type { RunningListener } from './listen.ts'
import { startMqtt } from './mqtt.ts'
import type { CertificatePorts } from './mqtt-certificate.ts'
import { MqttOutbox } from './mqtt-outbox.ts'
import { openPort, type PortPlan } from './open-port.ts'
import { tlsOptions, type TlsSettings } from './tls-options.ts'
import { mqttWebSockets } from './websocket.ts'

/** What the listeners stand on. */
export interface ListenersPorts {
  readonly options: ServerOptions
  readonly identity: ServerIdentity
  readonly services: Services
  readonly keys: AccessKeys
  readonly mounts: readonly Mount[]
}

/** Listeners that are up. */
export interface Listeners {
  readonly ports: ServerPorts
  /** Ports that are not the wanted ones. */
  readonly notes: readonly string[]
  close(): Promise<void>
}

/** Throughput of one connection under AWS's quotas: 512 KB a second (gateway G35). */
const BYTES_PER_SECOND_QUOTA = 524_288

/** Starts all four listeners, or none. */
export async function startListeners(ports: ListenersPorts): Promise<Listeners> {
  const { options, services } = ports
  const knownHosts = [...new Set([...options.hostnames, 'localhost', '127.0.0.1', '[::1]'])]
  const tls: TlsSettings = {
    certificates: ports.identity.certificates,
    knownHosts,
    sessionTickets: options.sessionTickets,
  }
  const outbox = new MqttOutbox(
    services.turn,
    options.quotas === 'aws' ? BYTES_PER_SECOND_QUOTA : undefined,
  )
  const { broker } = services
  const rules = { strictSni: options.strictSni, wallMs: (): number => Date.now() }
  const certificates = certificatePorts(services, rules)
  const signed = signedPorts(ports, knownHosts)
  const device = devicePorts(services, signed, rules, options.log)
  const webSockets = mqttWebSockets({
    broker,
    outbox,
    operatorConnection: (client) =>
      services.operators.connection(() => ports.keys.find(client.accessKeyId)?.identity, client),
  })
  const upgrade = signedUpgrade({
    authentication: signed.authentication,
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
    services.turn.end()
    await Promise.all(open.map((listener) => listener.close()))
  }
  try {
    return {
      ports: {
        mqttPort: await start(mqttPort, '--mqtt-port', (port) =>
          startMqtt({
            address: { bind, port },
            tls,
            broker,
            outbox,
            certificates,
          }),
        ),
        httpsPort: await start(httpsPort, '--https-port', (port) =>
          startHttps({ address: { bind, port }, tls: tlsOptions(tls), device }),
        ),
        alpnPort: await start(alpnPort, '--alpn-port', (port) =>
          startAlpn({
            address: { bind, port },
            tls,
            broker,
            outbox,
            certificates,
            deviceRequests: deviceListener(device),
            signedRequests: signedListener(signed),
            upgrade,
          }),
        ),
        httpPort: await start(httpPort, '--http-port', (port) =>
          startHttp({
            address: { bind, port },
            signed,
            guard: { knownHosts, adminToken: options.adminToken },
            mounts: ports.mounts,
            upgrade,
          }),
        ),
      },
      notes,
      close,
    }
  } catch (cause) {
    await close()
    throw cause
  }
}

function signedPorts(ports: ListenersPorts, knownHosts: readonly string[]): SignedPorts {
  const { options, services } = ports
  const { turn, clock, metrics, rates } = services
  const protocol = new AwsProtocol()
  const [hostName = 'localhost'] = options.hostnames
  const { region, documentFolder, s3Folder } = options
  const awsForm = options.awsEndpointForm ? { awsForm: { prefix: ENDPOINT_PREFIX, region } } : {}
  return {
    protocol,
    authentication: {
      region: options.region,
      keys: ports.keys,
      wallMs: () => Date.now(),
      knownHosts,
    },
    authority: services.operators,
    log: options.log,
    dispatch: createDispatch({
      protocol,
      account: services.account,
      operations,
      services: {
        ...services,
        endpoints: { hostName, strict: options.strictEndpoints, ...awsForm },
        readDocumentSource: documentSourceReader({ documentFolder, s3Folder }),
      },
      turn,
      clock,
      log: options.log,
      ...(rates && { throttled: (...call) => rates.exceeded(...call) }),
      answered: ({ service, operation, status, durationMs }) =>
        metrics.answered(service, operation, status, durationMs),
    }),
  }
}

function devicePorts(
  services: Services,
  signed: SignedPorts,
  rules: HandshakeRules,
  log: Logger,
): DevicePorts {
  return {
    log,
    protocol: signed.protocol,
    certificates: services.registry,
    authorization: services.devices,
    dispatch: signed.dispatch,
    rules,
  }
}

function certificatePorts(services: Services, rules: HandshakeRules): CertificatePorts {
  const { registry, account, devices } = services
  return {
    certificate: (certificateId) => registry.certificate(certificateId),
    authorization: devices,
    thingsOf: (certificateId) => registry.thingsOfPrincipal(iotArn(account, 'cert', certificateId)),
    onUnknownCertificate: (unknown) => services.provisioning.onUnknownCertificate(unknown),
    rules,
  }
}
