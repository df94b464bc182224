/**
 * Programs of Debian that another installation may shadow; `AWS` and `PYTHON` name others. One that
 * is missing fails its tests.
 */
import { existsSync } from 'node:fs'

const debian = (name: string): string =>
  existsSync(`/usr/bin/${name}`) ? `/usr/bin/${name}` : name

/** Programs of PyPI where a folder with newer ones is named, else those of the path. */
const current = (name: string): string => {
  const folder = process.env['MUSTER_PYPI_BIN']
  return folder === undefined ? name : `${folder}/${name}`
}

/** An AWS CLI and a Python with boto3 that know `AWS_ENDPOINT_URL_STS`. */
export const CURRENT_AWS: string = current('aws')
export const CURRENT_PYTHON: string = current('python3')

/** The AWS CLI. */
export const AWS: string = process.env['AWS'] ?? debian('aws')
/** Python 3 with boto3 and paho-mqtt. */
export const PYTHON: string = process.env['PYTHON'] ?? debian('python3')
