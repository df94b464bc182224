/**
 * Programs of Debian that another installation may shadow; `AWS` and `PYTHON` name others. One that
 * is missing fails its tests.
 */
import { existsSync } from 'node:fs'

const debian = (name: string): string =>
  existsSync(`/usr/bin/${name}`) ? `/usr/bin/${name}` : name

/** The AWS CLI. */
export const AWS: string = process.env['AWS'] ?? debian('aws')
/** Python 3 with boto3 and paho-mqtt. */
export const PYTHON: string = process.env['PYTHON'] ?? debian('python3')
