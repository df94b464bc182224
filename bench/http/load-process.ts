/** HTTP load on one server, in a process of its own on the other core. */
import { setTimeout as wait } from 'node:timers/promises'
import { createSecureContext } from 'node:tls'
import { Exchange } from './exchange.ts'

/** What to ask, and of whom. */
export interface HttpOrder {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  /** Whole requests, asked in turn. */
  readonly requests: readonly string[]
  /** The first connection asks the first request only, the second the second, and so on. */
  readonly perConnection?: boolean
  /** Each request is asked once: a run that has asked them all is over early. */
  readonly once: boolean
  /** A device's for each connection, in turn; none: in the clear. */
  readonly identities: readonly {
    readonly certificatePem: string
    readonly privateKeyPem: string
  }[]
  readonly caPem: string
}

/** What came of it. */
export interface HttpResult {
  readonly operations: number
  readonly failures: number
  readonly seconds: number
}

const WARM_UP_MS = 500

process.on('message', (order: HttpOrder) => {
  void run(order).then((result) => process.send?.({ kind: 'end', result }))
})
process.send?.({ kind: 'ready' })

async function run(order: HttpOrder): Promise<HttpResult> {
  const { caPem, connections, identities, once, perConnection, port, seconds } = order
  const requests = order.requests.map((text) => Buffer.from(text))
  const counts = { operations: 0, failures: 0 }
  let at = 0
  let over: () => void = () => {}
  const all = new Promise<void>((resolve) => (over = resolve))
  let open = connections
  const next = (): Buffer | undefined => {
    if (once && at >= requests.length) {
      open -= 1
      if (open === 0) over()
      return undefined
    }
    const request = requests[at % requests.length]
    at += 1
    return request
  }
  const answered = (status: number): void => {
    counts.operations += 1
    if (status < 200 || status > 299) counts.failures += 1
  }
  const contexts = identities.map(({ certificatePem, privateKeyPem }) =>
    createSecureContext({ ca: caPem, cert: certificatePem, key: privateKeyPem }),
  )
  const begin = (): { readonly operations: number; readonly fromMs: number } => {
    process.send?.({ kind: 'begin' })
    return { operations: counts.operations, fromMs: performance.now() }
  }
  let began = once ? begin() : undefined
  const exchanges = Array.from({ length: connections }, (_, index) => {
    const secureContext = contexts[index % contexts.length]
    const own = requests[index % requests.length]
    const asks = perConnection === true ? (): Buffer | undefined => own : next
    return new Exchange({ port, ...(secureContext && { secureContext }) }, asks, answered)
  })
  if (!once) await wait(WARM_UP_MS)
  began ??= begin()
  await Promise.race([wait(seconds * 1000), all])
  const elapsed = (performance.now() - began.fromMs) / 1000
  const operations = counts.operations - began.operations
  process.send?.({ kind: 'measured' })
  for (const exchange of exchanges) exchange.end()
  return { operations, failures: counts.failures, seconds: elapsed }
}
