/** Lists that AWS answers page by page, read whole. */

/**
 * @param pages - of a paginator of the SDK
 * @param items - the items of one page
 * @throws what the SDK throws for a page
 */
export async function allPages<Answer, Item>(
  pages: AsyncIterable<Answer>,
  items: (answer: Answer) => readonly Item[] | undefined,
): Promise<readonly Item[]> {
  const all: Item[] = []
  for await (const answer of pages) all.push(...(items(answer) ?? []))
  return all
}
