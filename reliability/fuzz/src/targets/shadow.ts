import { MemoryShadowState, ShadowEngine } from '@muster/shadow'
import type { TargetModule } from '../target.ts'

const BELOW = '$aws/things/T/shadow/'

/** Updates of one shadow, a list of them or one; then it is read and deleted. Everything published is JSON. */
export const reader: TargetModule['reader'] = () => (input) => {
  const engine = new ShadowEngine({
    state: new MemoryShadowState(),
    publish: ({ payload }) => void (payload === '' || JSON.parse(payload)),
    failed: (cause) => {
      throw cause
    },
  })
  const ask = (request: string, payload: Uint8Array): void => {
    engine.mqttCall(`${BELOW}${request}`)?.(payload, 1_700_000_000_000)
  }
  for (const update of updatesIn(input)) ask('update', update)
  ask('get', input)
  ask('delete', input)
}

function updatesIn(input: Uint8Array): Uint8Array[] {
  try {
    const list = JSON.parse(Buffer.from(input).toString('utf8')) as unknown
    if (Array.isArray(list)) {
      return list.slice(0, 20).map((one) => Buffer.from(JSON.stringify(one)))
    }
  } catch {
    // Then it is one update, and no JSON.
  }
  return [input, input]
}
