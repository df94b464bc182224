/** Logins: who a token says its bearer is, and whether this pool believes it (identities I77, I78). */
import {
  cognitoProvider,
  isSignedBy,
  numberClaim,
  readJsonWebToken,
  textClaim,
  textsClaim,
  type JsonWebKeyOf,
  type JsonWebToken,
} from '@muster/iam'
import { accept } from '@muster/model'
import { refused, type CognitoOutcome } from '../cognito-code.ts'
import type { CognitoState } from '../cognito-state.ts'
import type { IdentityPool } from '../pool/identity-pool.ts'
import type { CognitoCall } from '../ports.ts'
import type { LinkedLogin } from './identity-state.ts'

/** The `Logins` map of a request: tokens by provider. */
export type Logins = Readonly<Record<string, string>>

/** A login that is believed. */
export interface BelievedLogin extends LinkedLogin {
  readonly token: JsonWebToken
  /** Third entry of `amr` for it (identities I84). */
  readonly userReference: string
  /** Keys of `RoleMappings` that speak of it. */
  readonly mappingKeys: readonly string[]
}

/** A provider of a pool whose tokens can be checked here. */
interface LoginProvider {
  readonly keys: readonly JsonWebKeyOf[]
  readonly audiences: readonly string[]
  /** Whether the claim `azp` counts instead of `aud`, as for OIDC providers. */
  readonly azp: boolean
  readonly reference: (token: JsonWebToken, subject: string) => string
  readonly mappingKeys: (token: JsonWebToken) => readonly string[]
}

const unsupported = 'Token is not from a supported provider of this identity pool.'
/** OpenID Connect's bound; a session token has to hold it (identities I65). */
const SUBJECT_CHARACTERS_MAX = 255
/** A token counts this long beyond its `exp`. */
const graceSeconds = 300

/** Believes every login of the map, or refuses as the first one that is not believed. */
export function believeLogins(
  state: CognitoState,
  pool: IdentityPool,
  logins: Logins,
  call: CognitoCall,
): CognitoOutcome<readonly BelievedLogin[]> {
  const believed: BelievedLogin[] = []
  for (const [provider, text] of Object.entries(logins)) {
    const login = believeLogin(state, pool, provider, text, call)
    if (!login.ok) return login
    believed.push(login.value)
  }
  return accept(believed)
}

function believeLogin(
  state: CognitoState,
  pool: IdentityPool,
  provider: string,
  text: string,
  call: CognitoCall,
): CognitoOutcome<BelievedLogin> {
  if (provider === cognitoProvider) return notBelieved("Can't pass in a Cognito token.")
  if (isAskedOutside(pool, provider)) {
    return refused(
      'ExternalServiceException',
      `Logins of ${provider} cannot be checked here: nobody outside is asked.`,
    )
  }
  const issuer = providerOf(state, pool, provider)
  if (issuer === undefined) return refused('NotAuthorizedException', unsupported)
  const token = readJsonWebToken(text)
  if (token === undefined) return notBelieved('Not a valid OpenId Connect identity token.')
  const audiences = textsClaim(token, 'aud')
  if (audiences === undefined || audiences.length === 0) {
    return notBelieved('Missing a required claim: aud')
  }
  if (textClaim(token, 'iss')?.replace(/^https:\/\//, '') !== provider) {
    return notBelieved("Issuer doesn't match providerName")
  }
  const subject = textClaim(token, 'sub')
  if (subject === undefined || subject === '') return notBelieved('Missing a required claim: sub')
  if (subject.length > SUBJECT_CHARACTERS_MAX) {
    return notBelieved(`The claim sub has more than ${SUBJECT_CHARACTERS_MAX} characters`)
  }
  if (!isSignedBy(token, issuer.keys, state.ports.verify, true)) {
    return notBelieved("Couldn't verify signed token.")
  }
  const nowSeconds = Math.floor(call.nowMs / 1000)
  const expires = numberClaim(token, 'exp') ?? 0
  if (nowSeconds >= expires + graceSeconds) {
    return notBelieved(`Token expired: ${nowSeconds} >= ${expires}`)
  }
  // As in identities I57: an authorized party stands for the audience.
  const azp = issuer.azp ? textClaim(token, 'azp') : undefined
  const candidates = azp === undefined ? audiences : [azp]
  if (!candidates.some((audience) => issuer.audiences.includes(audience))) {
    return refused('NotAuthorizedException', unsupported)
  }
  return accept({
    provider,
    subject,
    token,
    userReference: issuer.reference(token, subject),
    mappingKeys: issuer.mappingKeys(token),
  })
}

/** Providers whose tokens only they themselves could check. */
function isAskedOutside({ members }: IdentityPool, provider: string): boolean {
  return (
    Object.hasOwn(members.SupportedLoginProviders ?? {}, provider) ||
    (members.SamlProviderARNs ?? []).includes(provider)
  )
}

function providerOf(
  { ports }: CognitoState,
  { members }: IdentityPool,
  provider: string,
): LoginProvider | undefined {
  const declared = ports.iam().oidcProviders.get(provider)
  if (declared === undefined) return undefined
  const clients = (members.CognitoIdentityProviders ?? [])
    .filter(({ ProviderName }) => ProviderName === provider)
    .flatMap(({ ClientId }) => (ClientId === undefined ? [] : [ClientId]))
  if (clients.length > 0) {
    return {
      keys: declared.keys,
      audiences: clients,
      azp: false,
      reference: (_, subject) => `${provider}:CognitoSignIn:${subject}`,
      mappingKeys: (token) =>
        (textsClaim(token, 'aud') ?? []).map((client) => `${provider}:${client}`),
    }
  }
  if (!(members.OpenIdConnectProviderARNs ?? []).includes(declared.arn)) return undefined
  return {
    keys: declared.keys,
    audiences: declared.clientIds,
    azp: true,
    reference: (_, subject) => `${declared.arn}:OIDC:${subject}`,
    mappingKeys: () => [declared.arn],
  }
}

function notBelieved(why: string): ReturnType<typeof refused> {
  return refused('NotAuthorizedException', `Invalid login token. ${why}`)
}
