/** The service that answers requests on brokers that do not: `bench/request/X` to `bench/reply/X`. */
import { readFileSync } from 'node:fs'
import { connect } from 'node:tls'
import { generate, parser } from 'mqtt-packet'
import type { Fleet } from './devices.ts'

const fleet = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Fleet
const { service } = fleet
const socket = connect({
  host: '127.0.0.1',
  port: Number(process.argv[3]),
  servername: 'localhost',
  ca: fleet.caPem,
  cert: service.certificatePem,
  key: service.privateKeyPem,
})
socket.setNoDelay(true)
socket.on('error', (cause) => {
  process.stderr.write(`the echo service lost its broker: ${cause.message}\n`)
  process.exit(1)
})
socket.write(generate({ cmd: 'connect', clientId: 'echo', clean: true, keepalive: 600 }))
const reader = parser()
const answers: Buffer[] = []
reader.on('packet', (packet) => {
  if (packet.cmd === 'connack') {
    const subscriptions = [{ topic: 'bench/request/+', qos: 0 as const }]
    socket.write(generate({ cmd: 'subscribe', messageId: 1, subscriptions }))
  } else if (packet.cmd === 'suback') process.send?.('ready')
  else if (packet.cmd === 'publish') {
    const topic = packet.topic.replace('/request/', '/reply/')
    const { payload } = packet
    answers.push(generate({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false }))
  }
})
socket.on('data', (bytes: Buffer) => {
  reader.parse(bytes)
  // The answers to one chunk leave together, as a service that means it would write them.
  if (answers.length > 0) socket.write(Buffer.concat(answers.splice(0)))
})
process.on('message', () => process.exit(0))
