import type { DeviceMessage } from '@muster/device'
import type { Subscription } from '../scenario/messages.ts'

/**
 * When a message says that it was sent.
 *
 * @returns epoch milliseconds; undefined where it does not say
 */
export function sentAtMs(
  { payload, userProperties }: DeviceMessage,
  { sentAt = 'sentMs' }: Subscription,
): number | undefined {
  const property = userProperties[sentAt]
  if (property !== undefined) return finite(Number(property))
  let value: unknown
  try {
    value = JSON.parse(payload.toString())
  } catch {
    return undefined
  }
  for (const member of sentAt.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[member]
  }
  return typeof value === 'number' || typeof value === 'string' ? finite(Number(value)) : undefined
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined
}
