import type { TargetModule } from '../target.ts'
import { policyReader } from './policy-reader.ts'

/** A policy of devices. */
export const reader: TargetModule['reader'] = () => policyReader('iot', 'iot')
