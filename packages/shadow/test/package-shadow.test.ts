/** The reserved shadow of what a thing has installed. */
import { describe, expect, it } from 'vitest'
import { rejection, shadowWorld } from './shadow-world.ts'

const UPDATE = 'name/$package/update'

function reported(packages: unknown): object {
  return { state: { reported: packages } }
}

describe('neighbours N73: $package', () => {
  it.each([
    ['a member of its own', { app: { version: '1', colour: 'red' } }, 'colour'],
    ['a text in place of a package', { app: '1' }, 'app'],
    ['a list in place of a package', { app: ['1'] }, 'app'],
    ['a number as version', { app: { version: 1 } }, 'version'],
    ['an attribute that is no text', { app: { attributes: { k: 1 } } }, 'attributes'],
    ['attributes that are no object', { app: { attributes: 'k' } }, 'attributes'],
  ])('refuses %s', (_name, packages, node) => {
    const world = shadowWorld()
    const [answer] = world.ask(UPDATE, reported(packages))
    expect(answer).toEqual([
      'name/$package/update/rejected',
      { code: 400, message: `State contains an invalid node: '${node}'` },
    ])
    expect(world.changes).toEqual([])
  })

  it('takes versions, attributes and nulls, and anything as desired', () => {
    const world = shadowWorld()
    const packages = { app: { version: '1', attributes: { k: 'v' } }, os: { version: '7' } }
    world.ask(UPDATE, { state: { reported: packages, desired: { any: [1] } } })
    world.ask(UPDATE, reported({ app: { attributes: { k: null }, version: null }, os: null }))
    world.ask(UPDATE, { state: { reported: null } })
    expect(world.got('name/$package/')).toMatchObject({
      version: 3,
      state: { desired: { any: [1] } },
    })
  })

  it('is the only name with rules of its own', () => {
    const world = shadowWorld()
    const [answer] = world.ask('update', reported({ app: '1' }))
    expect(answer?.[0]).toBe('update/accepted')
    expect(world.ask('update', { state: 1 })).toEqual(
      rejection(400, 'State node must be an object'),
    )
  })
})
