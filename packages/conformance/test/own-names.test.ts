/** Names of its own in an account of others: out and back without loss. */
import { describe, expect, it } from 'vitest'
import { OwnNames } from '../src/account/own-names.ts'

const place = { partition: 'aws-cn', region: 'cn-north-1', accountId: '999988887777' }
const names = (): OwnNames => new OwnNames('chk-ab12-S1-', place)

describe('names', () => {
  it('requests name things of the run, and answers read as the scenario wrote them', () => {
    const own = names()
    const args = {
      jobId: 'J1',
      targets: [
        'arn:aws:iot:us-east-1:123456789012:thing/T1',
        'arn:aws:iot:us-east-1:123456789012:thinggroup/G',
      ],
      document: '{"p":"${aws:iot:package:app:version:1:attributes}"}',
      comment: 'J1 is a comment',
    }
    const sent = own.out(args)
    expect(sent).toEqual({
      jobId: 'chk-ab12-S1-J1',
      targets: [
        'arn:aws-cn:iot:cn-north-1:999988887777:thing/chk-ab12-S1-T1',
        'arn:aws-cn:iot:cn-north-1:999988887777:thinggroup/chk-ab12-S1-G',
      ],
      document: '{"p":"${aws:iot:package:chk-ab12-S1-app:version:1:attributes}"}',
      comment: 'J1 is a comment',
    })
    expect(own.back(sent)).toEqual(args)
  })

  it('members that name things within others are named, too', () => {
    const sent = names().out({ thingGroupProperties: {}, groups: [{ thingGroupName: 'G' }] })
    expect(sent).toEqual({
      thingGroupProperties: {},
      groups: [{ thingGroupName: 'chk-ab12-S1-G' }],
    })
  })

  it('a name at its limit stays within it and comes back whole; one beyond stays beyond', () => {
    const own = names()
    const longest = 'x'.repeat(64)
    const { jobId } = own.out({ jobId: longest })
    expect(String(jobId)).toHaveLength(64)
    expect(String(jobId).startsWith(own.head)).toBe(true)
    expect(own.back({ jobId: jobId ?? null })).toEqual({ jobId: longest })
    expect(String(own.out({ jobId: `${longest}x` })['jobId']).length).toBeGreaterThan(64)
  })

  it.each(['', '$next'])('`%s` is nobody’s name', (name) => {
    expect(names().out({ jobId: name })).toEqual({ jobId: name })
  })

  it('a managed template is AWS’s, in the region of the account', () => {
    const jobTemplateArn = 'arn:aws:iot:us-east-1::jobtemplate/AWS-Reboot:1.0'
    const there = 'arn:aws-cn:iot:cn-north-1::jobtemplate/AWS-Reboot:1.0'
    expect(names().out({ jobTemplateArn })).toEqual({ jobTemplateArn: there })
    expect(names().back(there)).toBe(jobTemplateArn)
  })

  it('a token that services remember is another one in another run', () => {
    const clientToken = '0123456789012345678901234567890123456789'
    const other = new OwnNames('chk-zz99-S1-', place).out({ clientToken })
    expect(names().out({ clientToken })).not.toEqual(other)
    expect(String(other['clientToken']).length).toBeLessThanOrEqual(64)
    expect(names().out({ clientToken: 'short' })).toEqual({ clientToken: 'short' })
  })
})

describe('topics and paths', () => {
  it('the thing is its own, and a job where the scenario made one of that id', () => {
    const own = names()
    own.out({ jobId: 'J1' })
    const start = '$aws/things/chk-ab12-S1-T1/jobs/'
    expect(own.topic('$aws/things/T1/jobs/J1/update')).toBe(`${start}chk-ab12-S1-J1/update`)
    expect(own.topic('$aws/things/T1/jobs/$next/get')).toBe(`${start}$next/get`)
    expect(own.topic('$aws/things/T1/jobs/get/+')).toBe(`${start}get/+`)
    expect(own.backText(`${start}chk-ab12-S1-J1/update`)).toBe('$aws/things/T1/jobs/J1/update')
    expect(own.path('/things/T1/shadow?name=a')).toBe('/things/chk-ab12-S1-T1/shadow?name=a')
  })
})
