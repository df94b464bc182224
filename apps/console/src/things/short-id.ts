/** The first signs of an ID, which tell certificates of one thing apart. */
export function shortId(certificateId: string): string {
  return certificateId.length > 16 ? `${certificateId.slice(0, 16)}…` : certificateId
}
