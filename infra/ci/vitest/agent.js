/** The device program under test: does one job over MQTT, as it would on AWS. */
import mqtt from 'mqtt'

/** Connects, takes the next job, works on it and says how it went. */
export async function doNextJob({ thingName, host, port, ca, cert, key }, work) {
  const client = await mqtt.connectAsync({
    protocol: 'mqtts',
    host,
    port,
    ca,
    cert,
    key,
    clientId: thingName,
  })
  const jobs = `$aws/things/${thingName}/jobs`
  const answer = (request, payload) =>
    new Promise((resolve, reject) => {
      const take = (topic, message) => {
        if (topic === `${jobs}/${request}/accepted`) done(resolve, JSON.parse(message.toString()))
        if (topic === `${jobs}/${request}/rejected`) done(reject, new Error(message.toString()))
      }
      const done = (settle, value) => {
        client.off('message', take)
        settle(value)
      }
      client.on('message', take)
      client.publish(`${jobs}/${request}`, JSON.stringify(payload), { qos: 1 })
    })
  try {
    const { execution } = await answer('start-next', {})
    if (execution === undefined) return undefined
    const status = await work(execution.jobDocument)
    if (status !== undefined) await answer(`${execution.jobId}/update`, { status })
    return execution.jobId
  } finally {
    await client.endAsync()
  }
}
