/**
 * A gateway as a child of its core (`muster up --gateways N`): the link is the socket that the core
 * gave it. Without its core it ends; the core starts it again where that is wanted.
 */
import { Socket } from 'node:net'
import { coreStops, localGatewayBus } from '@muster/link'
import { yieldV8Threads } from '../v8-threads.ts'
import { Gateway, type GatewayOptions } from './gateway.ts'

/** What the core tells it, as JSON in its only argument. */
export type LocalGatewayOptions = Pick<GatewayOptions, 'name' | 'bind' | 'ports' | 'proxyFrom'> & {
  readonly drainSeconds: number
}

/** The socket of the link among a child's files. */
const LINK_FD = 3

yieldV8Threads()
const [, , told = '{}'] = process.argv
const { drainSeconds, ...options } = JSON.parse(told) as LocalGatewayOptions
const say = (line: string): void => void process.stderr.write(`${options.name}: ${line}\n`)
const gateway = new Gateway({
  ...options,
  bus: localGatewayBus(new Socket({ fd: LINK_FD })),
  joinToken: undefined,
  sharePorts: true,
  say,
})
// Ctrl-C reaches every process on the terminal: the core says when to go.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => void gateway.drain(drainSeconds))
try {
  await gateway.start()
  const why = await gateway.ended
  if (gateway.state === 'serving' && why !== coreStops) say(why)
} catch (cause) {
  say(cause instanceof Error ? cause.message : String(cause))
  process.exitCode = 1
}
process.exit()
