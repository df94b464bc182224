/**
 * Writes a server's authority to a file, for devices that are to trust it:
 * `node infra/fetch-ca.ts http://server:4566 /data/ca.pem`. Waits up to a minute for the server.
 */
import { writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

const [server = 'http://127.0.0.1:4566', file = 'ca.pem'] = process.argv.slice(2)
const deadlineMs = Date.now() + 60_000

for (;;) {
  const answer = await fetch(new URL('/_muster/ca.pem', server)).catch(() => undefined)
  if (answer?.ok) {
    writeFileSync(file, await answer.text())
    break
  }
  if (Date.now() > deadlineMs) throw new Error(`${server} did not hand out its authority`)
  await wait(500)
}
