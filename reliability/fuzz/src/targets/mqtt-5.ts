import type { TargetModule } from '../target.ts'
import { framed, mqttReader } from './mqtt-reader.ts'

/** A client of MQTT 5. */
export const reader: TargetModule['reader'] = () => mqttReader(5)
export const mend: TargetModule['mend'] = framed
