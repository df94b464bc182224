/** Lines that use a device's files, ready to paste into a shell in the folder that has them. */
import { fileNames } from './certificate-files.tsx'
import type { DeviceEndpoint } from './device-endpoint.ts'

/** A client and how it is called. */
export interface Recipe {
  readonly id: string
  readonly title: string
  /** What must be there first. */
  readonly needs: string
  readonly text: string
}

/** How common clients use the device. */
export function recipes(thingName: string, endpoint: DeviceEndpoint): readonly Recipe[] {
  const files = { ...fileNames(thingName), ca: 'ca.pem' }
  const about = { thingName, endpoint, files }
  return [
    { id: 'mqttjs', title: 'MQTT.js', needs: 'npm install mqtt', text: mqttJs(about) },
    { id: 'mosquitto', title: 'mosquitto', needs: 'mosquitto-clients', text: mosquitto(about) },
    {
      id: 'sdk',
      title: 'AWS IoT Device SDK',
      needs: 'npm install aws-iot-device-sdk-v2',
      text: deviceSdk(about),
    },
    { id: 'curl', title: 'curl', needs: 'nothing but curl', text: curl(about) },
  ].map((recipe) => ({ ...recipe, text: `${trust(endpoint)}${recipe.text}` }))
}

interface About {
  readonly thingName: string
  readonly endpoint: DeviceEndpoint
  readonly files: { readonly certificate: string; readonly key: string; readonly ca: string }
}

/** Of AWS devices trust Amazon's root, which is not downloaded here. */
function trust({ caPem }: DeviceEndpoint): string {
  return caPem === undefined
    ? 'curl -so ca.pem https://www.amazontrust.com/repository/AmazonRootCA1.pem\n'
    : ''
}

function mosquitto({ thingName, endpoint, files }: About): string {
  const at =
    `-h ${endpoint.host} -p ${endpoint.mqttPort} --cafile ${files.ca} ` +
    `--cert ${files.certificate} --key ${files.key} -i ${thingName} -q 1`
  const jobs = `$aws/things/${thingName}/jobs`
  return [
    '# waits for a job, then takes the next',
    `mosquitto_sub ${at} -t '${jobs}/notify-next' -C 1`,
    `mosquitto_pub ${at} -t '${jobs}/start-next' -m '{}'`,
    '# and says that it is done: put the job ID in',
    `mosquitto_pub ${at} -t '${jobs}/JOB_ID/update' -m '{"status":"SUCCEEDED"}'`,
  ].join('\n')
}

function curl({ thingName, endpoint, files }: About): string {
  const identity = `--cacert ${files.ca} --cert ${files.certificate} --key ${files.key}`
  const jobs = `https://${endpoint.host}:${endpoint.httpsPort}/things/${thingName}/jobs`
  return [
    '# takes the next job, and says that it is done: put the job ID in',
    `curl ${identity} -X PUT ${jobs}/'$next' -d '{}'`,
    `curl ${identity} -X POST ${jobs}/JOB_ID -d '{"status":"SUCCEEDED"}'`,
  ].join('\n')
}

/** Takes every job that comes, and ends it as succeeded. */
function mqttJs({ thingName, endpoint, files }: About): string {
  return node(`
import { readFileSync } from 'node:fs'
import mqtt from 'mqtt'
const jobs = '$aws/things/${thingName}/jobs'
const client = await mqtt.connectAsync('mqtts://${endpoint.host}:${endpoint.mqttPort}', {
  clientId: '${thingName}',
  ca: readFileSync('${files.ca}'),
  cert: readFileSync('${files.certificate}'),
  key: readFileSync('${files.key}'),
})
console.log('connected')
client.on('message', async (topic, payload) => {
  const { execution } = JSON.parse(payload.toString())
  if (topic.endsWith('/notify-next') && execution?.jobId !== undefined) {
    await client.publishAsync(jobs + '/start-next', '{}', { qos: 1 })
  }
  if (topic.endsWith('/start-next/accepted') && execution?.status === 'IN_PROGRESS') {
    console.log(execution.jobId, execution.jobDocument)
    const done = JSON.stringify({ status: 'SUCCEEDED' })
    await client.publishAsync(jobs + '/' + execution.jobId + '/update', done, { qos: 1 })
  }
})
await client.subscribeAsync([jobs + '/notify-next', jobs + '/start-next/accepted'], { qos: 1 })
await client.publishAsync(jobs + '/start-next', '{}', { qos: 1 })`)
}

function deviceSdk({ thingName, endpoint, files }: About): string {
  return node(`
import sdk from 'aws-iot-device-sdk-v2'
const { AwsIotMqtt5ClientConfigBuilder } = sdk.iot
const builder = AwsIotMqtt5ClientConfigBuilder.newDirectMqttBuilderWithMtlsFromPath(
  '${endpoint.host}', '${files.certificate}', '${files.key}',
)
builder.withCertificateAuthorityFromPath(undefined, '${files.ca}')
builder.withPort(${endpoint.mqttPort})
builder.withConnectProperties({ clientId: '${thingName}', keepAliveIntervalSeconds: 60 })
const client = new sdk.mqtt5.Mqtt5Client(builder.build())
client.on('connectionSuccess', () => console.log('connected'))
client.on('connectionFailure', ({ error }) => console.log(String(error)))
client.start()`)
}

function node(program: string): string {
  return `node --input-type=module <<'END'${program}\nEND`
}
