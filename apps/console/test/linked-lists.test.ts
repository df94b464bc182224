import { describe, expect, it } from 'vitest'
import { filterOf, filterTexts, type FilterQuery } from '../src/ui/filter-link.ts'
import { walk, type ServerPage } from '../src/ui/server-pages.ts'

describe('a property filter in a link', () => {
  const query: FilterQuery = {
    operation: 'or',
    tokens: [
      { propertyKey: 'status', operator: '!=', value: 'FAILED' },
      { propertyKey: 'jobId', operator: ':', value: 'pump=1' },
      { propertyKey: 'progress', operator: '>=', value: '50' },
      { operator: ':', value: 'a:b' },
      { propertyKey: 'jobId', operator: '!^', value: '' },
    ],
  }

  it('is written short and read back as it was', () => {
    const texts = filterTexts(query)
    expect(texts).toEqual(['status!=FAILED', 'jobId:pump=1', 'progress>=50', ':a:b', 'jobId!^'])
    expect(filterOf(texts, 'any')).toEqual(query)
  })

  it('takes a text that is no filter as a search', () => {
    expect(filterOf(['reboot', ''], null)).toEqual({
      operation: 'and',
      tokens: [{ operator: ':', value: 'reboot' }],
    })
  })
})

it('a filter by what every object has is a search: no list has such a property', () => {
  for (const text of ['constructor=x', '__proto__:x', 'toString!=x']) {
    expect(filterOf([text], null).tokens).toEqual([{ operator: ':', value: text }])
  }
})

describe('a list that the server pages', () => {
  /** Five pages of one item each; tokens are the numbers of pages. */
  function list(): {
    asked: (string | undefined)[]
    read: (token?: string) => Promise<ServerPage<string>>
  } {
    const asked: (string | undefined)[] = []
    return {
      asked,
      read: async (token) => {
        asked.push(token)
        const page = Number(token ?? 1)
        return { items: [`item ${page}`], nextToken: page < 5 ? String(page + 1) : undefined }
      },
    }
  }

  it('walks to a page whose token is not known, and remembers the way', async () => {
    const { asked, read } = list()
    const reached = await walk([], 3, read)
    expect(asked).toEqual([undefined, '2', '3'])
    expect(reached).toMatchObject({ items: ['item 3'], page: 3, tokens: ['2', '3', '4'] })
    asked.length = 0
    expect(await walk(reached.tokens, 4, read)).toMatchObject({ items: ['item 4'] })
    expect(asked).toEqual(['4'])
  })

  it('goes back without walking, and forgets tokens of pages behind it', async () => {
    const { asked, read } = list()
    expect(await walk(['2', '3', '4'], 2, read)).toMatchObject({ page: 2, tokens: ['2', '3'] })
    expect(asked).toEqual(['2'])
  })

  it('ends at the last page of a list that is shorter than the link says', async () => {
    const { read } = list()
    expect(await walk([], 9, read)).toMatchObject({ page: 5, nextToken: undefined })
  })
})
