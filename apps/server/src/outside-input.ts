/**
 * What reads bytes from outside before anybody is known: for tests that feed it anything. Nothing of the
 * server imports it.
 */
export { ClientHelloReader, type ClientHello } from './listeners/alpn-client-hello.ts'
export { queryOf } from './listeners/http-exchange.ts'
export { routeRequest } from './operations/service-route.ts'
export { decodePayload, encodePayload, textMembersOf } from './payload-format.ts'
export { isStsForm, stsForm } from './sts/answer-sts.ts'
