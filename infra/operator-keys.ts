/**
 * Makes the keys of a compose project: `node infra/operator-keys.ts FOLDER`. An operator's access key
 * as `operator.env`, for a shell to read, and the admin token as `admin-token`. What is there stays;
 * MUSTER_ACCESS_KEY_ID with MUSTER_SECRET_ACCESS_KEY, and MUSTER_ADMIN_TOKEN, come before.
 */
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder = '.'] = process.argv.slice(2)
const { MUSTER_ACCESS_KEY_ID: id, MUSTER_SECRET_ACCESS_KEY: secret } = process.env
const operatorFile = join(folder, 'operator.env')
const tokenFile = join(folder, 'admin-token')

if (id || secret || !existsSync(operatorFile)) {
  const values = {
    MUSTER_ACCESS_KEY_ID: id || `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
    MUSTER_SECRET_ACCESS_KEY: secret || randomBytes(30).toString('base64url'),
  }
  const lines = Object.entries(values).map(([name, value]) => `export ${name}='${value}'\n`)
  writeFileSync(operatorFile, lines.join(''), { mode: 0o600 })
}
const token = process.env['MUSTER_ADMIN_TOKEN']
if (token || !existsSync(tokenFile)) {
  writeFileSync(tokenFile, token || randomBytes(30).toString('base64url'))
}
// Prometheus reads the token as another user; no more than the project's containers see the volume.
chmodSync(tokenFile, 0o644)
chmodSync(folder, 0o755)
