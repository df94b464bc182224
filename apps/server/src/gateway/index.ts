/** What a gateway's process is made of; nothing of it loads a store, a broker or Jobs. */
export type { BusOptions } from '../bus/bus-options.ts'
export { yieldV8Threads } from '../v8-threads.ts'
export { startGateway, type GatewayProcessOptions, type RunningGateway } from './start-gateway.ts'
