import type { IoTClient } from '@aws-sdk/client-iot'

/** What operations are called by: an `IoTClient` of `@aws-sdk/client-iot`. */
export type IotPort = Pick<IoTClient, 'send'>

/**
 * Reads the JSON below `/_muster/`; null where the server knows of no such resource (404), undefined where
 * it refuses or does not answer.
 */
export type AdminPort = (path: string) => Promise<unknown>
