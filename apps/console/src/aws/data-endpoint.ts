/** Where a session's MQTT connection goes. */
import { DescribeEndpointCommand, type IoTClient } from '@aws-sdk/client-iot'
import type { Session } from '../session/session.ts'

/**
 * The session as it is when its data endpoint is known: the account's own is asked for when none
 * was given. Rejects with what DescribeEndpoint throws.
 */
export async function withDataEndpoint(
  session: Session,
  iot: Pick<IoTClient, 'send'>,
): Promise<Session> {
  if (session.dataEndpoint !== '') return session
  const answer = await iot.send(new DescribeEndpointCommand({ endpointType: 'iot:Data-ATS' }))
  return { ...session, dataEndpoint: `wss://${answer.endpointAddress}` }
}
