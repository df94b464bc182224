/** A property filter as parameters of a link: `filter=status=FAILED&filter=jobId:pump&match=any`. */
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter'

/** Tokens and how they are joined; the tokens are flat. */
export type FilterQuery = PropertyFilterProps.Query

/** Nothing is filtered. */
export const noFilter: FilterQuery = { tokens: [], operation: 'and' }

// Two-sign operators first, or `!=` would be read as `=` of a property that ends in `!`.
const pattern = /^([\w.-]*)(!=|!:|!\^|<=|>=|=|:|\^|<|>)(.*)$/s

/** One text a token, in the order of the tokens. */
export function filterTexts(query: FilterQuery): readonly string[] {
  return query.tokens.map(
    ({ propertyKey, operator, value }) => `${propertyKey ?? ''}${operator}${String(value)}`,
  )
}

/** Reads what {@link filterTexts} wrote; a text that is none counts as free text. */
export function filterOf(texts: readonly string[], match: string | null): FilterQuery {
  return {
    operation: match === 'any' ? 'or' : 'and',
    tokens: texts
      .filter((text) => text !== '')
      .map((text) => {
        const [, propertyKey, operator, value] = pattern.exec(text) ?? []
        // What every object has is no property of a list: Cloudscape looks keys up in one.
        const isKey = propertyKey !== undefined && !(propertyKey in {})
        if (operator === undefined || !isKey) return { operator: ':', value: text }
        return {
          ...(propertyKey ? { propertyKey } : {}),
          operator,
          value: value ?? '',
        }
      }),
  }
}
