/** nginx that serves one file to whoever shows a certificate of the fleet's authority. */
import { execFileSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fleet } from '../gateway/devices.ts'
import { freePort, reachable } from '../gateway/free-port.ts'
import { start } from '../gateway/processes.ts'

/** Whether it is on the path. */
export function hasNginx(): boolean {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Starts it on core 0 with one worker, listening. */
export async function startNginx(
  folder: string,
  fleet: Fleet,
  path: string,
  body: string,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const port = await freePort()
  const root = join(folder, 'nginx')
  const file = join(root, 'html', path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, body)
  const pem = (name: string, text: string): string => {
    writeFileSync(join(root, name), text, { mode: 0o600 })
    return join(root, name)
  }
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${join(root, kind)};`,
  )
  const configuration = join(root, 'nginx.conf')
  writeFileSync(
    configuration,
    [
      'daemon off; user root; worker_processes 1; error_log stderr crit;',
      `pid ${join(root, 'nginx.pid')};`,
      'events { worker_connections 1024; }',
      'http {',
      '  access_log off; keepalive_requests 1000000000; default_type application/json;',
      '  open_file_cache max=16; open_file_cache_valid 60s; sendfile on; tcp_nodelay on;',
      ...temporary,
      '  server {',
      `    listen 127.0.0.1:${port} ssl;`,
      `    root ${join(root, 'html')};`,
      `    ssl_certificate ${pem('server.pem', fleet.serverCertificatePem)};`,
      `    ssl_certificate_key ${pem('server.key', fleet.serverKeyPem)};`,
      `    ssl_client_certificate ${pem('ca.pem', fleet.caPem)};`,
      '    ssl_verify_client on; ssl_protocols TLSv1.2 TLSv1.3;',
      '  }',
      '}',
      '',
    ].join('\n'),
  )
  const child = start(0, ['nginx', '-e', 'stderr', '-p', root, '-c', configuration], false)
  await reachable(port, 'nginx')
  return { child, port }
}
