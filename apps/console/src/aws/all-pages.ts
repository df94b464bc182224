/** Lists that AWS answers page by page, read to their end. */

/**
 * @param pages - of a paginator of the SDK
 * @param items - the items of one page
 * @param itemsMax - no further page is read once there are so many
 * @throws what the SDK throws for a page
 */
export async function allPages<Answer, Item>(
  pages: AsyncIterable<Answer>,
  items: (answer: Answer) => readonly Item[] | undefined,
  itemsMax: number = Number.POSITIVE_INFINITY,
): Promise<readonly Item[]> {
  const all: Item[] = []
  for await (const answer of pages) {
    all.push(...(items(answer) ?? []))
    if (all.length >= itemsMax) break
  }
  return all
}
