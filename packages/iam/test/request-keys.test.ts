import { expect, it } from 'vitest'
import { accountOf, accountId } from './account.ts'
import { StsFixture } from './sts-fixture.ts'

const under = (condition: object, tags: object = {}): StsFixture =>
  new StsFixture(
    accountOf({
      users: [
        {
          userName: 'ann',
          tags,
          policies: [
            {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: 'iot:Publish',
                  Resource: `arn:aws:iot:us-east-1:${accountId}:topic/\${aws:PrincipalTag/team, 'none'}/*`,
                  Condition: condition,
                },
              ],
            },
          ],
        },
      ],
    }),
  )

it('identities I22: the time is a key of every request, and no service calls on the way', () => {
  const topic = `arn:aws:iot:us-east-1:${accountId}:topic/none/a`
  const may = (condition: object): string => {
    const fixture = under(condition)
    return fixture.may(fixture.user('ann'), 'iot:Publish', topic)
  }
  expect(may({ DateLessThan: { 'aws:CurrentTime': '2026-06-01T12:00:01Z' } })).toBe('allow')
  expect(may({ DateGreaterThan: { 'aws:CurrentTime': '2026-06-01T12:00:01Z' } })).toBe(
    'implicitDeny identity',
  )
  expect(may({ Bool: { 'aws:ViaAWSService': 'false' } })).toBe('allow')
  expect(may({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })).toBe('implicitDeny identity')
})

it('identities I23: variables with a default; tag keys compare without case, values with', () => {
  const may = (tags: object, team: string): string => {
    const fixture = under({}, tags)
    const topic = `arn:aws:iot:us-east-1:${accountId}:topic/${team}/a`
    return fixture.may(fixture.user('ann'), 'iot:Publish', topic)
  }
  expect(may({}, 'none')).toBe('allow')
  expect(may({ Team: 'red' }, 'red')).toBe('allow')
  expect(may({ Team: 'red' }, 'Red')).toBe('implicitDeny identity')
  expect(may({ Team: 'red' }, 'none')).toBe('implicitDeny identity')
})
