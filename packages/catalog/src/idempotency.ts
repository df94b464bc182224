/**
 * Client tokens: the same token with the same content repeats the answer (neighbours N53). What a
 * creation and the latest update came with stays with the record, as long as that is there.
 */
import type { TokenUse } from './catalog-state.ts'

/** The request apart from its token. Members are in the order in which the protocol reads them. */
export function tokenUse(input: { readonly clientToken?: string | undefined }): TokenUse {
  const { clientToken = '', ...content } = input
  return { token: clientToken, content: JSON.stringify(content) }
}

/** Whether a request was answered before; one without a token never was. */
export function isRepeated(kept: TokenUse | undefined, sent: TokenUse): boolean {
  return sent.token !== '' && kept?.token === sent.token && kept.content === sent.content
}
