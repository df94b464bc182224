import type { ServerOptions } from '@muster/server'
import type { ServerBehaviourFlags } from '../flags/server-flags.ts'
import { serverOptions } from './server-options.ts'

/** A server on free ports of loopback, in a folder that goes with it, with the default operator. */
export function freshServerOptions(folder: string, flags: ServerBehaviourFlags): ServerOptions {
  const ports = { mqttPort: 0, httpsPort: 0, alpnPort: 0, httpPort: 0 }
  const options = serverOptions(
    { ...flags, ...ports, data: folder, bind: '127.0.0.1' },
    // Nobody looks at its console.
    { freePortsWhenTaken: false, consoleDist: () => undefined },
  )
  return { ...options, firstOperator: undefined }
}
