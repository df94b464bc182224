import { AwsProtocol, errorAnswer, parseQuery, type Answer } from '@muster/aws-protocol'

const protocol = new AwsProtocol()

export function describeThing(path: string, requestId: string): Answer {
  const query = parseQuery('') ?? new Map()
  const match = protocol.match('iot', 'GET', path, query)
  if (match.kind !== 'operation') {
    return errorAnswer('iot', { code: 'UnknownOperationException', message: path }, requestId)
  }
  const { readInput, writeOutput } = protocol.codec(match.operation)
  const input = readInput({ labels: match.labels, query, headers: {}, body: new Uint8Array(0) })
  if (!input.ok) return errorAnswer('iot', input.error, requestId)
  return writeOutput({ thingName: input.value['thingName'], version: 1 }, requestId)
}
