import type { TargetModule } from '../target.ts'
import { framed, mqttReader } from './mqtt-reader.ts'

/** A client of MQTT 3.1.1. */
export const reader: TargetModule['reader'] = () => mqttReader(4)
export const mend: TargetModule['mend'] = framed
