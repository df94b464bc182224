/**
 * Muster as a process of its own, on a copy of a fleet that was seeded, with a meter of its turns.
 * The first argument is its folder: `data` and `s3` are there.
 */
import { join } from 'node:path'
import { startTestServer } from '@muster/server/testkit'
import { TurnMeter } from './turns.ts'

const folder = process.argv[2] ?? ''
const server = await startTestServer({
  clock: 'system',
  dataDir: join(folder, 'data'),
  s3Folder: join(folder, 's3'),
})
const meter = new TurnMeter()
process.on('message', (asked) => {
  if (asked === 'begin') {
    meter.begin()
    process.send?.('begun')
  } else if (asked === 'end') {
    process.send?.(meter.end())
  } else {
    void server.close().then(() => process.exit(0))
  }
})
process.send?.({ httpUrl: server.httpUrl })
