/**
 * An agent on `aws-iot-device-sdk-v2` (npm) as its guide has it: MQTT 5, the Jobs client of requests and
 * streams; each notification starts what is next. Nothing is tried again but by the SDK.
 *
 *     node device-sdk-v2.ts THING CERT KEY CA HOST MQTT_PORT
 */
import { setTimeout as wait } from 'node:timers/promises'
import { iot, iotjobs, mqtt5 } from 'aws-iot-device-sdk-v2'

const [thingName = '', cert = '', key = '', ca = '', host = '', port] = process.argv.slice(2)
const builder = iot.AwsIotMqtt5ClientConfigBuilder.newDirectMqttBuilderWithMtlsFromPath(
  host,
  cert,
  key,
)
builder.withCertificateAuthorityFromPath(undefined, ca)
builder.withPort(Number(port))
builder.withConnectProperties({ clientId: thingName, keepAliveIntervalSeconds: 60 })
const mqtt = new mqtt5.Mqtt5Client(builder.build())
const jobs = iotjobs.IotJobsClientv2.newFromMqtt5(mqtt, {
  maxRequestResponseSubscriptions: 4,
  maxStreamingSubscriptions: 2,
  operationTimeoutInSeconds: 10,
})
const { FAILED, REJECTED, SUCCEEDED } = iotjobs.model.JobStatus

interface Document {
  readonly operation?: unknown
  readonly seconds?: number
}

async function carryOut({ operation, seconds = 1 }: Document): Promise<iotjobs.model.JobStatus> {
  if (operation === 'sleep') await wait(seconds * 1000)
  if (operation === 'ok' || operation === 'sleep') return SUCCEEDED
  return operation === 'fail' ? FAILED : REJECTED
}

let busy = false

async function work(): Promise<void> {
  if (busy) return
  busy = true
  try {
    for (;;) {
      const { execution } = await jobs.startNextPendingJobExecution({ thingName })
      if (execution?.jobId === undefined) return
      const { executionNumber, jobDocument, jobId } = execution
      const status = await carryOut(jobDocument ?? {})
      await jobs.updateJobExecution({
        thingName,
        jobId,
        status,
        ...(executionNumber !== undefined && { executionNumber }),
      })
    }
  } catch (cause) {
    console.error(cause)
  } finally {
    busy = false
  }
}

const news = jobs.createNextJobExecutionChangedStream({ thingName })
news.on('incomingPublish', () => void work())
mqtt.on('connectionSuccess', () => void work())
news.open()
mqtt.start()
