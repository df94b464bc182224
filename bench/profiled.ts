/**
 * Loaded into a server under test when it is to be profiled: from one SIGUSR2 to the next V8 samples it,
 * and the text is written to `MUSTER_BENCH_PROFILE`.
 */
import { Session } from 'node:inspector/promises'
import { writeFileSync } from 'node:fs'
import { flameText } from './flame-text.ts'

const file = process.env['MUSTER_BENCH_PROFILE'] ?? ''
let session: Session | undefined

process.on('SIGUSR2', () => {
  void (session === undefined ? begin() : end(session))
})

async function begin(): Promise<void> {
  session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.start')
}

async function end(running: Session): Promise<void> {
  const { profile } = await running.post('Profiler.stop')
  writeFileSync(file, flameText(profile))
  running.disconnect()
  session = undefined
}
