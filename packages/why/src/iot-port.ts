import type { IoTClient } from '@aws-sdk/client-iot'

/** What operations are called by: an `IoTClient` of `@aws-sdk/client-iot`. */
export type IotPort = Pick<IoTClient, 'send'>

/** Reads the JSON below `/_muster/`; undefined where there is nothing to be read, or it is refused. */
export type AdminPort = (path: string) => Promise<unknown>
