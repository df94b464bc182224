/**
 * Connections of the AWS IoT Device SDK for JavaScript v2, unmodified, by every way in; each is
 * closed when its test ends, for its native threads would outlive it.
 */
import { once } from 'node:events'
import { TEST_CREDENTIALS, type TestDevice, type TestServer } from '@muster/server/testkit'
import { auth, iot, mqtt, mqtt5 } from 'aws-iot-device-sdk-v2'
import { onTestFinished } from 'vitest'

/** 8883 with a certificate, AWS's 443 with a certificate by ALPN, or MQTT over WebSocket. */
export type Way = 'port 8883' | 'ALPN x-amzn-mqtt-ca' | 'WebSocket with SigV4'

/** Every {@link Way}. */
export const WAYS: readonly Way[] = ['port 8883', 'ALPN x-amzn-mqtt-ca', 'WebSocket with SigV4']

/** What a client shows when it connects. */
type Identity = Pick<TestDevice, 'thingName' | 'certificatePem' | 'privateKeyPem'>

/** Where and as whom to connect. */
export interface Dial {
  readonly server: TestServer
  /** Its thing name is the client ID; over WebSocket its certificate is not shown. */
  readonly identity: Identity
  /** Default `port 8883`. */
  readonly way?: Way
  /** Default `true`. */
  readonly cleanSession?: boolean
  /** MQTT 5 only: use topic aliases both ways; default `false`. */
  readonly topicAliases?: boolean
  /** Default {@link TEST_CREDENTIALS}; over WebSocket only. */
  readonly credentials?: Credentials
}

/** An operator's key, permanent or temporary. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Connects by MQTT 3.1.1; rejects when the server closes instead. */
export async function connect311(dial: Dial): Promise<mqtt.MqttClientConnection> {
  const connection = connection311(dial)
  await connection.connect()
  onTestFinished(async () => {
    await connection.disconnect()
  })
  return connection
}

/** An MQTT 3.1.1 connection yet to be connected. */
export function connection311(dial: Dial): mqtt.MqttClientConnection {
  const { server, identity, way = 'port 8883', cleanSession = true } = dial
  const { AwsIotMqttConnectionConfigBuilder: Builder } = iot
  const overWebSocket = way === 'WebSocket with SigV4'
  const builder = overWebSocket
    ? Builder.new_with_websockets({
        region: server.options.region,
        credentials_provider: credentialsProvider(dial),
      })
    : Builder.new_mtls_builder(identity.certificatePem, identity.privateKeyPem)
  builder.with_certificate_authority(server.caPem)
  builder.with_endpoint('localhost')
  builder.with_port(way === 'port 8883' ? server.mqttPort : server.alpnPort)
  builder.with_client_id(identity.thingName)
  builder.with_clean_session(cleanSession)
  builder.with_reconnect_min_sec(60)
  builder.with_reconnect_max_sec(60)
  return new mqtt.MqttClient().new_connection(builder.build())
}

/** An MQTT 5 client that connected, and what the server's CONNACK settled. */
export interface Connected5 {
  readonly client: mqtt5.Mqtt5Client
  readonly connack: mqtt5.ConnackPacket
  readonly settings: mqtt5.NegotiatedSettings
  /** Disconnects; without it the end of the test does. */
  close(): Promise<void>
}

/** Connects by MQTT 5; rejects when the server refuses or closes instead. */
export async function connect5(dial: Dial): Promise<Connected5> {
  const client = client5(dial)
  const connected = once(client, 'connectionSuccess') as Promise<[mqtt5.ConnectionSuccessEvent]>
  const failed = once(client, 'connectionFailure') as Promise<[mqtt5.ConnectionFailureEvent]>
  let open = true
  const close = async (): Promise<void> => {
    if (!open) return
    open = false
    const stopped = once(client, 'stopped')
    client.stop()
    await stopped
    client.close()
  }
  onTestFinished(close)
  client.start()
  const first = await Promise.race([connected, failed])
  if ('error' in first[0]) throw new Error('not connected', { cause: first[0] })
  return { client, connack: first[0].connack, settings: first[0].settings, close }
}

function client5(dial: Dial): mqtt5.Mqtt5Client {
  const { server, identity, way = 'port 8883', cleanSession = true } = dial
  const { AwsIotMqtt5ClientConfigBuilder: Builder } = iot
  const overWebSocket = way === 'WebSocket with SigV4'
  const builder = overWebSocket
    ? Builder.newWebsocketMqttBuilderWithSigv4Auth('localhost', {
        region: server.options.region,
        credentialsProvider: credentialsProvider(dial),
      })
    : Builder.newDirectMqttBuilderWithMtlsFromMemory(
        'localhost',
        identity.certificatePem,
        identity.privateKeyPem,
      )
  builder.withCertificateAuthority(server.caPem)
  builder.withPort(way === 'port 8883' ? server.mqttPort : server.alpnPort)
  builder.withConnectProperties({
    clientId: identity.thingName,
    keepAliveIntervalSeconds: 60,
    ...(cleanSession ? {} : { sessionExpiryIntervalSeconds: 600 }),
  })
  builder.withMinReconnectDelayMs(50)
  const { ClientSessionBehavior } = mqtt5
  builder.withSessionBehavior(
    cleanSession ? ClientSessionBehavior.Clean : ClientSessionBehavior.RejoinAlways,
  )
  if (dial.topicAliases === true) {
    builder.withTopicAliasingOptions({
      outboundBehavior: mqtt5.OutboundTopicAliasBehaviorType.LRU,
      outboundCacheMaxSize: 8,
      inboundBehavior: mqtt5.InboundTopicAliasBehaviorType.Enabled,
      inboundCacheMaxSize: 4,
    })
  }
  return new mqtt5.Mqtt5Client(builder.build())
}

function credentialsProvider(dial: Dial): auth.AwsCredentialsProvider {
  const { accessKeyId, secretAccessKey, sessionToken }: Credentials =
    dial.credentials ?? TEST_CREDENTIALS
  return auth.AwsCredentialsProvider.newStatic(accessKeyId, secretAccessKey, sessionToken)
}
