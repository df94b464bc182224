/** PUBLISH on reserved topics: to a service, to a feature that is not there, and who hears it beside. */
import { describe, expect, it } from 'vitest'
import { world } from './harness.ts'
import { outcomes } from './publish-outcomes.ts'

describe('PUBLISH', () => {
  it('jobs and provisioning topics go to the service, acknowledged, and to no subscriber', () => {
    const w = world()
    const watcher = w.connected('w').subscribe('$aws/things/+/jobs/#')
    watcher.take()
    const client = w.connected('a')
    const topics = [
      '$aws/things/t/jobs/get',
      '$aws/things/t/jobs/foo',
      '$aws/things/t/jobs/',
      '$aws/certificates/create/json',
      '$aws/certificates/create-from-csr/cbor',
      '$aws/provisioning-templates/T/provision/json',
    ]
    for (const topic of topics) client.publish(topic, '{}', { qos: 1 })
    expect(client.take()).toEqual(topics.map(() => 'puback 0'))
    expect(w.requests.map(({ topic }) => topic)).toEqual(topics)
    expect(w.requests[0]).toMatchObject({
      connectionId: client.connection.id,
      clientId: 'a',
      principalId: 'cert-1',
      qos: 1,
    })
    expect(watcher.take()).toEqual([])
  })

  it('gateway G47: only the service whose topic it is is asked, once for a topic used again', () => {
    const asked: string[] = []
    const serve = (service: string) => (topic: string) => {
      asked.push(`${service} ${topic}`)
      return () => {}
    }
    const w = world({
      ports: {
        reserved: {
          jobs: serve('jobs'),
          provisioning: serve('provisioning'),
          shadows: serve('shadows'),
          streams: serve('streams'),
        },
      },
    })
    const client = w.connected('a')
    client.publish('$aws/things/t/jobs/get').publish('$aws/things/t/jobs/get')
    client.publish('$aws/certificates/create/json')
    client.publish('$aws/things/t/shadow/name/n/get')
    expect(asked).toEqual([
      'jobs $aws/things/t/jobs/get',
      'provisioning $aws/certificates/create/json',
      'shadows $aws/things/t/shadow/name/n/get',
    ])
  })

  it.each([
    '$aws/things/t/jobs/notify',
    '$aws/things/t/jobs/j/update/accepted',
    '$aws/things/t/shadow/update/delta',
    '$aws/things/t/shadow/name/n/get/accepted',
    '$aws/things/t/shadow',
    '$aws/things/t/streams/s/create/json',
    '$aws/things/t/streams/s/data/cbor',
    '$aws/things/t/x',
    '$aws/rules/r/a',
    '$aws/certificates/x',
    '$aws/provisioning-templates/x',
    '$aws/device_location/t/get_position_estimate',
    '$aws/commands/things/t/executions/e/response/json',
  ])('gateway G33, neighbours N11, N172: `%s` is acknowledged and reaches nobody', (topic) => {
    const none = (): undefined => undefined
    const w = world({
      ports: { reserved: { jobs: none, provisioning: none, shadows: none, streams: none } },
    })
    const watcher = w
      .connected('w')
      .subscribe('$aws/things/+/jobs/#', '$aws/things/+/shadow/#', '$aws/certificates/#')
    watcher.take()
    expect(outcomes(w, topic)).toEqual({
      three: ['puback 0'],
      fiveQos1: ['puback 0'],
      fiveQos0: [],
    })
    expect(watcher.take()).toEqual([])
    expect(outcomes(w, topic, { retain: true }).three).toEqual(['closed'])
  })

  it('gateway G131: an absent feature with a topic for refusals is acknowledged and answered there', () => {
    const w = world()
    const response = '$aws/commands/things/t/executions/e/response'
    const client = w.connected('t').subscribe('$aws/commands/#')
    client.take()
    client.publish(`${response}/json`, '{"clientToken":"c-1"}', { qos: 1 })
    const answer =
      '{"code":501,"message":"This server has no part of commands","clientToken":"c-1"}'
    expect(client.takeAndAck()).toEqual([
      'puback 0',
      `publish ${response}/rejected/json 1 ${answer}`,
    ])
  })

  it('neighbours N170: metrics of a device are rejected as Device Defender rejects', () => {
    const w = world()
    const metrics = '$aws/things/t/defender/metrics/json'
    const client = w.connected('t').subscribe(`${metrics}/rejected`)
    client.take()
    const answer = (reportId: string): string =>
      `publish ${metrics}/rejected 1 {"thingName":"t",${reportId}"status":"REJECTED",` +
      '"statusDetails":{"ErrorCode":"NotImplemented",' +
      '"ErrorMessage":"This server has no part of Device Defender"},' +
      `"timestamp":${Math.floor(w.nowMs() / 1000)}}`
    client.publish(metrics, '{"header":{"report_id":7}}', { qos: 1 })
    expect(client.takeAndAck()).toEqual(['puback 0', answer('"reportId":7,')])
    client.publish(metrics, '{"hed":{"rid":8}}', { qos: 1 })
    expect(client.takeAndAck()).toEqual(['puback 0', answer('"reportId":8,')])
    client.publish(metrics, 'no JSON', { qos: 1 })
    expect(client.takeAndAck()).toEqual(['puback 0', answer('')])
  })

  it('neighbours N171: a position is refused by code and message; tunnels and SiteWise are silent', () => {
    const w = world()
    const position = '$aws/device_location/t/get_position_estimate'
    const client = w.connected('t')
    client.subscribe(`${position}/rejected`, '$aws/things/t/tunnels/notify', '$aws/sitewise/#')
    client.take()
    client.publish(position, '{}', { qos: 1 }).publish('$aws/things/t/tunnels/notify', '{}')
    expect(client.takeAndAck()).toEqual([
      'puback 0',
      `publish ${position}/rejected 1 {"errorCode":"501","errorMessage":"This server has no part of device location"}`,
    ])
  })

  it('gateway G131: what is answered nowhere is acknowledged, and kept by nobody', () => {
    const w = world()
    const client = w.connected('t').subscribe('$aws/things/t/streams/#', '$aws/commands/#')
    client.take()
    const response = '$aws/commands/things/t/executions/e/response'
    for (const topic of [
      `${response}/cbor`,
      '$aws/commands/things/t/executions/e/x',
      '$aws/things/t/defender/metrics/cbor',
    ]) {
      client.publish(topic, 'x', { qos: 1 })
    }
    client.publish(`${response}/json`, 'not JSON', { qos: 1 })
    const answer = '{"code":501,"message":"This server has no part of commands"}'
    expect(client.takeAndAck()).toEqual([
      ...Array<string>(4).fill('puback 0'),
      `publish ${response}/rejected/json 1 ${answer}`,
    ])
  })

  it('gateway G131, neighbours N169: the operator is told once for a client and feature, over reconnects too', () => {
    const w = world()
    const execution = (id: string): string =>
      `$aws/commands/things/t/executions/${id}/response/json`
    for (let connection = 0; connection < 2; connection++) {
      const client = w.connected('t')
      client.publish(execution('a')).publish(execution('b'))
      client.publish('$aws/rules/r/a').publish('$aws/things/t/jobs/x/y').publish('$aws/rules/r/b')
      client.connection.lost()
    }
    w.connected('other').publish(execution('a'))
    const told = w.refusals.map(({ clientId, reason, detail }) => [clientId, reason, detail])
    expect(told).toEqual([
      [
        't',
        'NOT_IMPLEMENTED',
        'a PUBLISH to `$aws/commands/things/t/executions/a/response/json`: this server has no part of commands',
      ],
      [
        't',
        'NOT_IMPLEMENTED',
        'a PUBLISH to `$aws/rules/r/a`: this server has no part of the rules engine',
      ],
      [
        'other',
        'NOT_IMPLEMENTED',
        'a PUBLISH to `$aws/commands/things/t/executions/a/response/json`: this server has no part of commands',
      ],
    ])
  })

  it('neighbours N9: a shadow request is a message too, heard before its answer', () => {
    const w = world({
      ports: {
        reserved: {
          jobs: () => undefined,
          provisioning: () => undefined,
          shadows: (topic) => () =>
            w.broker.publish({ topic: `${topic}/accepted`, payload: Buffer.from('{}'), qos: 1 }),
          streams: () => undefined,
        },
      },
    })
    const watcher = w.connected('w').subscribe('$aws/things/t/shadow/#')
    watcher.take()
    const client = w.connected('t')
    client.publish('$aws/things/t/shadow/get', 'asked', { qos: 1 })
    expect(watcher.takeAndAck()).toEqual([
      'publish $aws/things/t/shadow/get 1 asked',
      'publish $aws/things/t/shadow/get/accepted 1 {}',
    ])
    expect(client.take()).toEqual(['puback 0'])
    client.publish('$aws/things/t/shadow/get', 'kept', { qos: 1, retain: true })
    expect(client.closed).toBe(true)
  })

  it.each([4, 5] as const)(
    'gateway G132, neighbours N174: messages of an MQTT %i client get user properties behind its own',
    (version) => {
      const w = world()
      const watcher = w
        .connected('w', { protocolVersion: 5 })
        .subscribe('t', '$aws/things/+/shadow/#')
      const old = w.connected('o').subscribe('t')
      let site = 'north'
      const authorizer = {
        connect: () => ({ allowed: true }),
        publish: () => ({ allowed: true }),
        retainPublish: () => ({ allowed: true }),
        subscribe: () => ({ allowed: true }),
        receive: () => true,
        release: () => {},
      }
      const userProperties = () => [['site', site]] as const
      const client = w.client(version, {
        authenticate: () => ({
          ok: true,
          client: { principalId: 'p', authorizer, userProperties },
        }),
      })
      client.connect('c')
      watcher.packets.length = 0
      old.packets.length = 0
      client.publish('t', '1', { properties: { userProperties: { site: 'own' } } })
      site = 'south'
      client.publish('t', '2')
      const own = version === 5 ? ['own', 'north'] : 'north'
      expect(watcher.packets.splice(0)).toMatchObject([
        { properties: { userProperties: { site: own } } },
        { properties: { userProperties: { site: 'south' } } },
      ])
      expect(old.take()).toEqual(['publish t 0 1', 'publish t 0 2'])
      client.publish('$aws/things/c/shadow/get')
      expect(watcher.packets.splice(0)).toMatchObject([
        { topic: '$aws/things/c/shadow/get', properties: { userProperties: { site: 'south' } } },
      ])
    },
  )

  it('authz G13: reserved topics need iot:Publish like any other', () => {
    const w = world()
    w.denials.add('publish $aws/things/t/jobs/get')
    expect(outcomes(w, '$aws/things/t/jobs/get').three).toEqual(['closed'])
    expect(w.requests).toEqual([])
  })
})
