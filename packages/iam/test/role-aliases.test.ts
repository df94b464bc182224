/** Role aliases: their records, pages and quota. */
import { accept } from '@muster/model'
import { describe, expect, it } from 'vitest'
import { RoleAliases, type RoleAliasPorts } from '../src/index.ts'

const ACCOUNT = { region: 'us-east-1', accountId: '123456789012' }
const ROLE = 'arn:aws:iam::123456789012:role/reader'
const arn = (name: string): string => `arn:aws:iot:us-east-1:123456789012:rolealias/${name}`

interface World {
  readonly aliases: RoleAliases
  readonly kept: Map<string, string>
  readonly tags: Map<string, unknown>
  /** The aliases that another start finds. */
  again(): RoleAliases
}

function world(): World {
  const kept = new Map<string, string>()
  const tags = new Map<string, unknown>()
  const ports: RoleAliasPorts = {
    account: ACCOUNT,
    records: {
      put: (_kind, key, value) => void kept.set(key, value),
      delete: (_kind, key) => void kept.delete(key),
      load: () => [...kept].map(([key, value]) => ({ key, value })),
    },
    checkTags: () => accept(undefined),
    addTags: (resourceArn, added) => void tags.set(resourceArn, added),
    dropTags: (resourceArn) => void tags.delete(resourceArn),
  }
  return { aliases: new RoleAliases(ports), kept, tags, again: () => new RoleAliases(ports) }
}

describe('neighbours N102, N103: role aliases', () => {
  it('are created, changed member by member, described and deleted with their tags', () => {
    const { aliases, kept, tags } = world()
    const named = [{ Key: 'a', Value: '1' }]
    aliases.create({ roleAlias: 'a', roleArn: ROLE, tags: named }, 1000)
    expect([...tags]).toEqual([[arn('a'), named]])
    aliases.update({ roleAlias: 'a', credentialDurationSeconds: 900 }, 2000)
    expect(aliases.describe({ roleAlias: 'a' })).toEqual({
      ok: true,
      value: {
        roleAliasDescription: {
          roleAlias: 'a',
          roleAliasArn: arn('a'),
          roleArn: ROLE,
          owner: '123456789012',
          credentialDurationSeconds: 900,
          creationDate: new Date(1000),
          lastModifiedDate: new Date(2000),
        },
      },
    })
    expect(aliases.hasResource(arn('a'))).toBe(true)
    aliases.delete({ roleAlias: 'a' })
    expect([kept.size, tags.size, aliases.hasResource(arn('a'))]).toEqual([0, 0, false])
  })

  it('differ by case, and a name that is taken or absent is refused', () => {
    const { aliases } = world()
    const code = (outcome: { ok: boolean; error?: { code: string } }): string =>
      outcome.error?.code ?? 'ok'
    expect(code(aliases.create({ roleAlias: 'a', roleArn: ROLE }, 0))).toBe('ok')
    expect(code(aliases.create({ roleAlias: 'A', roleArn: ROLE }, 0))).toBe('ok')
    expect(code(aliases.create({ roleAlias: 'a', roleArn: ROLE }, 0))).toBe(
      'ResourceAlreadyExistsException',
    )
    for (const outcome of [
      aliases.update({ roleAlias: 'b' }, 0),
      aliases.describe({ roleAlias: 'b' }),
      aliases.delete({ roleAlias: 'b' }),
    ]) {
      expect(code(outcome)).toBe('ResourceNotFoundException')
    }
  })

  it('are a hundred at most, listed page by page in either order', () => {
    const { aliases } = world()
    for (let at = 0; at < 100; at += 1) {
      aliases.create({ roleAlias: `r${String(at).padStart(2, '0')}`, roleArn: ROLE }, 0)
    }
    const more = aliases.create({ roleAlias: 'more', roleArn: ROLE }, 0)
    expect(more).toMatchObject({ error: { code: 'LimitExceededException' } })
    const first = aliases.list({ pageSize: 2, ascendingOrder: true })
    expect(first).toMatchObject({ value: { roleAliases: ['r00', 'r01'] } })
    const marker = first.ok ? first.value.nextMarker : undefined
    expect(aliases.list({ pageSize: 2, ascendingOrder: true, marker })).toMatchObject({
      value: { roleAliases: ['r02', 'r03'] },
    })
    expect(aliases.list({ pageSize: 1 })).toMatchObject({ value: { roleAliases: ['r99'] } })
    expect(aliases.list({ marker })).toMatchObject({ error: { code: 'InvalidRequestException' } })
    const last = aliases.list({ pageSize: 250 })
    expect(last.ok && last.value.roleAliases).toHaveLength(100)
    expect(last.ok && last.value.nextMarker).toBeUndefined()
  })
})

it('neighbours N5: another start finds them, and a reset forgets them', () => {
  const { aliases, again, kept } = world()
  aliases.create({ roleAlias: 'a', roleArn: ROLE }, 0)
  expect(again().get('a')).toEqual(aliases.get('a'))
  kept.clear()
  aliases.reset()
  expect(aliases.get('a')).toBeUndefined()
  expect(again().get('a')).toBeUndefined()
})
