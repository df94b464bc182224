/** Lines that use a device's files, ready to paste into a shell. */
import type { CreatedDevice } from './created-device.ts'

/** A program and how it is called. */
interface Recipe {
  readonly title: string
  /** Whole lines, without the last line break. */
  readonly text: string
}

/** What was made, and how each client uses it: a shell takes it as it stands. */
export function pasteLines(device: CreatedDevice): string {
  const { thingName, policyName, certificateId, files } = device
  const made = [
    `# thing ${thingName}, certificate ${certificateId.slice(0, 12)}…, policy ${policyName}`,
    `# ${files.certificate}  ${files.privateKey}  ${files.ca}`,
  ]
  const blocks = recipes(device).map(({ title, text }) => `\n# ${title}\n${text}`)
  return `${[...made, ...blocks].join('\n')}\n`
}

/** How each client uses the device. */
function recipes(device: CreatedDevice): readonly Recipe[] {
  return [
    { title: 'mosquitto: wait for a job, or take the next', text: mosquitto(device) },
    { title: 'curl: the jobs that wait', text: curl(device) },
    { title: 'MQTT.js (npm install mqtt): take the next job', text: mqttJs(device) },
    {
      title: 'AWS IoT Device SDK v2 (npm install aws-iot-device-sdk-v2): connect',
      text: deviceSdkV2(device),
    },
    {
      title: 'AWS IoT Device SDK v1 (npm install aws-iot-device-sdk): connect',
      text: deviceSdkV1(device),
    },
  ]
}

function mosquitto({ thingName, endpoint, files }: CreatedDevice): string {
  const at =
    `-h ${endpoint.host} -p ${endpoint.mqttPort} --cafile ${shell(files.ca)} ` +
    `--cert ${shell(files.certificate)} --key ${shell(files.privateKey)} -i ${thingName} -q 1`
  const jobs = `$aws/things/${thingName}/jobs`
  return [
    `mosquitto_sub ${at} -t '${jobs}/notify-next' -C 1`,
    // It shows the answer, which is the job.
    `mosquitto_rr ${at} -W 10 -t '${jobs}/start-next' -e '${jobs}/start-next/accepted' -m '{}'`,
  ].join('\n')
}

function curl({ thingName, endpoint, files }: CreatedDevice): string {
  const trust = `--cacert ${shell(files.ca)}`
  const identity = `--cert ${shell(files.certificate)} --key ${shell(files.privateKey)}`
  return `curl ${trust} ${identity} https://${endpoint.host}:${endpoint.httpsPort}/things/${thingName}/jobs`
}

function mqttJs({ thingName, endpoint, files }: CreatedDevice): string {
  const { host, mqttPort } = endpoint
  return node(`
import { readFileSync } from 'node:fs'
import mqtt from 'mqtt'
const client = await mqtt.connectAsync('mqtts://${host}:${mqttPort}', {
  clientId: '${thingName}',
  ca: readFileSync(${text(files.ca)}),
  cert: readFileSync(${text(files.certificate)}),
  key: readFileSync(${text(files.privateKey)}),
})
client.on('message', (topic, payload) => {
  console.log(topic, payload.toString())
  client.end()
})
await client.publishAsync('$aws/things/${thingName}/jobs/start-next', '{}', { qos: 1 })`)
}

function deviceSdkV2({ thingName, endpoint, files }: CreatedDevice): string {
  const { host, mqttPort } = endpoint
  const identity = `${text(host)}, ${text(files.certificate)}, ${text(files.privateKey)}`
  return node(`
import sdk from 'aws-iot-device-sdk-v2'
const { AwsIotMqtt5ClientConfigBuilder } = sdk.iot
const builder = AwsIotMqtt5ClientConfigBuilder.newDirectMqttBuilderWithMtlsFromPath(
  ${identity},
)
builder.withCertificateAuthorityFromPath(undefined, ${text(files.ca)})
builder.withPort(${mqttPort})
builder.withConnectProperties({ clientId: '${thingName}', keepAliveIntervalSeconds: 60 })
const client = new sdk.mqtt5.Mqtt5Client(builder.build())
client.on('connectionSuccess', () => console.log('connected'))
client.on('connectionFailure', ({ error }) => console.log(String(error)))
client.on('connectionSuccess', () => client.stop())
client.on('stopped', () => process.exit())
client.start()`)
}

function deviceSdkV1({ thingName, endpoint, files }: CreatedDevice): string {
  const { host, mqttPort } = endpoint
  return node(`
import sdk from 'aws-iot-device-sdk'
const client = sdk.device({
  host: '${host}',
  port: ${mqttPort},
  clientId: '${thingName}',
  caPath: ${text(files.ca)},
  certPath: ${text(files.certificate)},
  keyPath: ${text(files.privateKey)},
})
client.on('error', (error) => console.log(String(error)))
client.on('connect', () => {
  console.log('connected')
  client.end()
})`)
}

function node(program: string): string {
  return `node --input-type=module <<'END'${program}\nEND`
}

/** A path as one word of a shell. */
function shell(path: string): string {
  return /^[\w./:@%+,-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}

/** A text as a literal of JavaScript. */
function text(value: string): string {
  const plain = JSON.stringify(value).slice(1, -1)
  return plain.includes("'") ? JSON.stringify(value) : `'${plain.replaceAll(String.raw`\"`, '"')}'`
}
