/** mosquitto with the fleet's certificates and the same rights, said in its ACL. */
import type { ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mosquittoAcl, type Fleet } from './devices.ts'
import { freePort, reachable } from './free-port.ts'
import { start } from './processes.ts'

/** Starts it on core 0, listening. */
export async function startMosquitto(
  folder: string,
  fleet: Fleet,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const port = await freePort()
  const child = start(0, ['mosquitto', '-c', writeFiles(folder, fleet, port)], false)
  await reachable(port, 'mosquitto')
  return { child, port }
}

/** @returns the configuration's path */
function writeFiles(folder: string, fleet: Fleet, port: number): string {
  const file = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text, { mode: 0o644 })
    return path
  }
  return file(
    'mosquitto.conf',
    [
      `listener ${port} 127.0.0.1`,
      `cafile ${file('ca.pem', fleet.caPem)}`,
      `certfile ${file('server.pem', fleet.serverCertificatePem)}`,
      `keyfile ${file('server.key', fleet.serverKeyPem)}`,
      'require_certificate true',
      'use_identity_as_username true',
      `acl_file ${file('acl', mosquittoAcl(fleet.service.thingName))}`,
      'set_tcp_nodelay true',
      'persistence false',
      'log_type none',
      'user root',
      '',
    ].join('\n'),
  )
}
