import type { TargetModule } from '../target.ts'
import { json, JobsWorld } from './jobs-world.ts'

/** The document of a job, on its way to a device. */
export const reader: TargetModule['reader'] = () => (input) => {
  const world = new JobsWorld()
  const document = Buffer.from(input).toString('utf8')
  const presignedUrlConfig = { roleArn: 'arn:aws:iam::123456789012:role/r', expiresInSec: 600 }
  const targets = ['arn:aws:iot:us-east-1:123456789012:thing/T1']
  if (!world.create(json({ targets, document, presignedUrlConfig }))) return
  world.advance()
  world.ask('start-next', json({}))
  world.ask('J/get', json({ includeJobDocument: true }))
}
