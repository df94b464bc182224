import { shadow, thing } from '../../authorization/operator-resources.ts'
import type { Operations } from '../operation-row.ts'

/** neighbours N41: all shadow requests of an account together, and each shadow's own. */
const rate = { perSecond: 4_000, bucket: 'shadows', perShadow: 20 } as const

/** Device shadows over HTTPS (neighbours N13, authz D5, D6). Over MQTT they count the same. */
export const shadows: Operations<'iotdata'> = {
  GetThingShadow: {
    rule: ({ shadows: { engine } }) => engine.getThingShadow.bind(engine),
    resources: [shadow],
    devices: true,
    rate,
  },
  UpdateThingShadow: {
    rule: ({ shadows: { engine } }) => engine.updateThingShadow.bind(engine),
    resources: [shadow],
    devices: true,
    rate,
  },
  DeleteThingShadow: {
    rule: ({ shadows: { engine } }) => engine.deleteThingShadow.bind(engine),
    resources: [shadow],
    devices: true,
    rate,
  },
  ListNamedShadowsForThing: {
    rule: ({ shadows: { engine } }) => engine.listNamedShadowsForThing.bind(engine),
    resources: [thing],
    devices: true,
    rate: { perSecond: 4_000, bucket: 'shadows' },
  },
}
