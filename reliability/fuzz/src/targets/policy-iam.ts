import type { TargetModule } from '../target.ts'
import { policyReader } from './policy-reader.ts'

/** A policy of operators. */
export const reader: TargetModule['reader'] = () => policyReader('iam', 'iam')
