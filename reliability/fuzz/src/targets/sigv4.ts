import { verifySignature, type VerifyOptions } from '@muster/aws-protocol'
import type { TargetModule } from '../target.ts'
import { requestOf } from './http-text.ts'

/** When the signed inputs of the corpus were signed. */
const wallMs = Date.parse('2026-11-22T05:00:00Z')
const options: VerifyOptions = {
  regions: ['us-east-1'],
  services: ['iot', 'iotdata', 'iotdevicegateway'],
  wallMs,
  secretOf: (accessKeyId, sessionToken) => {
    if (accessKeyId === 'AKIDEXAMPLE') return { secretAccessKey: 'secret' }
    if (accessKeyId === 'ASIAEXAMPLE') return { secretAccessKey: 'temporary', sessionToken }
    return undefined
  },
}

/** A request and an upgrade to WebSocket, which are verified a little differently. */
export const reader: TargetModule['reader'] = () => async (input) => {
  const request = requestOf(input)
  await verifySignature(request, options)
  await verifySignature(request, { ...options, webSocket: true })
}
