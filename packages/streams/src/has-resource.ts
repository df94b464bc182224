/** What has an ARN here, for whoever tags. */
import { nameInArn, type Account } from '@muster/model'
import type { StreamsState } from './streams-state.ts'

/** Whether a stream or an OTA update has this ARN. */
export function hasResource(account: Account, state: StreamsState, resourceArn: string): boolean {
  const streamId = nameInArn(account, 'stream', resourceArn)
  if (streamId !== undefined) return state.stream(streamId) !== undefined
  const otaUpdateId = nameInArn(account, 'otaupdate', resourceArn)
  return otaUpdateId !== undefined && state.otaUpdate(otaUpdateId) !== undefined
}
