/** How each command line that a page shows is proven. A new one has to be entered here. */

/** How a command line is proven. */
export type Proof =
  /** Run as it stands but for `instead`, in a folder with a running server; it says `says`. */
  | { readonly kind: 'ran'; readonly says: RegExp; readonly instead?: Replacements }
  /** The same for one that stays until Ctrl-C: it is asked to end once it has said `says`. */
  | { readonly kind: 'stays'; readonly says: RegExp; readonly instead?: Replacements }
  /** Another line of this table that differs in a number or an `&` alone. */
  | { readonly kind: 'as'; readonly line: string }
  /** Another file runs it: `fragment` stands there. */
  | { readonly kind: 'elsewhere'; readonly file: string; readonly fragment: string }
  /** A benchmark: minutes long, so only its name is proven. */
  | { readonly kind: 'benchmark'; readonly name: string }
  /** Nothing runs it; why. */
  | { readonly kind: 'by hand'; readonly why: string }

/** What is put in place of parts of a line: smaller sizes, free ports; `{folder}` is the proof's own. */
type Replacements = Readonly<Record<string, string>>

const ran = (says: RegExp, instead: Replacements = {}): Proof => ({ kind: 'ran', says, instead })
const stays = (says: RegExp, instead: Replacements = {}): Proof => ({
  kind: 'stays',
  says,
  instead,
})
const elsewhere = (file: string, fragment: string): Proof => ({ kind: 'elsewhere', file, fragment })
const as = (line: string): Proof => ({ kind: 'as', line })
const benchmark = (name: string): Proof => ({ kind: 'benchmark', name })
const byHand = (why: string): Proof => ({ kind: 'by hand', why })

const allPassed = /^[1-9]\d* passed, 0 failed$/m
const ports = '--mqtt-port 0 --https-port 0 --alpn-port 0 --http-port 0'
const freePorts = { 'muster up': `muster up --data other ${ports}` }
const ready = /ready|"ready":true/
const rollout =
  'npx -y pnpm@12 muster simulate --scenario ota-wave --devices 10000 --html report.html'
const job = /executions +\d+ succeeded, 0 failed/
const policies = 'apps/cli/test/policy-commands.test.ts'
const installed = 'release/test/installed.packages.test.ts'
const cluster = 'apps/server/test/gateways/nats-gateways.clients.test.ts'
const denials = 'apps/cli/test/denials.clients.test.ts'
const eachBlock = 'await shell(text)'
const rehearsals = 'apps/cli/test/rehearse.test.ts'
const loadK6 = 'apps/cli/test/load-k6.test.ts'
const load = 'apps/cli/test/load.test.ts'
const loads = 'apps/cli/test/load-smoke.test.ts'
const smoke = 'npx -y pnpm@12 muster load authorize --profile smoke'
/** Whether all of a load could be offered is up to the machine. */
const soundLoad = /^ +outcomes +[1-9].* 0 errors, 0 timeouts$/m
const verifyAccount = 'apps/cli/test/verify/verify-account.test.ts'
const dataCommands = 'apps/cli/test/data-commands.test.ts'
const noK6 = byHand('k6 is not part of this project and is fetched by nothing in it')

/** By the line as the page shows it. */
export const PROOFS: Readonly<Record<string, Proof>> = {
  // Reliability
  'npx -y pnpm@12 sim --seeds 300': elsewhere('.ci/run', 'sim --seeds 300'),
  'npx -y pnpm@12 sim:mutants --seeds 2000': elsewhere(
    'reliability/sim/test/mutants.test.ts',
    "'--only', 'a lost commit'",
  ),
  'npx -y pnpm@12 sim --seeds 1 --seed 41 --trace': elsewhere(
    'reliability/sim/test/command.test.ts',
    "'--seeds', '1', '--seed', '41', '--trace'",
  ),

  // Qualifying an agent
  'npx -y pnpm@12 muster qualify': elsewhere(
    'apps/cli/test/qualify.test.ts',
    "musterHere(['qualify'",
  ),
  "npx -y pnpm@12 muster qualify --agent 'node_modules/.bin/node packages/device/examples/agent.ts {thing} {cert} {key} {ca} {host} {mqttPort} {httpsPort}'":
    elsewhere('apps/cli/test/qualify.test.ts', 'packages/device/examples/agent.ts'),

  // A database
  'openssl rand -hex 32 > store.key': byHand('a key; the test of the next line writes one'),
  'npx -y pnpm@12 muster up --store postgres://muster@127.0.0.1/fleet --store-key-file store.key':
    elsewhere(
      'apps/server/test/store/failover.clients.test.ts',
      "'--store', url, '--store-key-file'",
    ),
  // Started and watched
  'npx -y pnpm@12 start': elsewhere('.ci/bare-room', 'npx -y pnpm@12 start --once'),
  'npx -y pnpm@12 dev': stays(/Local:/, { dev: `dev --devices 1 --data {folder}/dev ${ports}` }),
  'npx -y pnpm@12 muster up': stays(ready, freePorts),
  'npx -y pnpm@12 muster up --gateways 6 --clock x30 &': stays(ready, {
    'muster up': `muster up --data other ${ports}`,
    '--gateways 6': '--gateways 2',
  }),
  'npx -y pnpm@12 muster onboard --scenario large-fleet': ran(/^2 devices onboarded/m, {
    onboard: 'onboard --devices 2',
  }),
  'npx -y pnpm@12 muster simulate --scenario large-fleet --html large-fleet.html': elsewhere(
    'apps/simulator/test/large-fleet.test.ts',
    "loadScenario('large-fleet')",
  ),
  'npx -y pnpm@12 bench cluster': benchmark('cluster'),
  'npx -y pnpm@12 muster up --gateways 4': stays(ready, {
    ...freePorts,
    '--gateways 4': '--gateways 2',
  }),
  'export MUSTER_JOIN_TOKEN="$(openssl rand -hex 32)"': byHand('it only sets a variable'),
  'npx -y pnpm@12 muster core --bus nats://127.0.0.1:4222 &': elsewhere(cluster, "'core', '--bus'"),
  'npx -y pnpm@12 muster gateway --bus nats://127.0.0.1:4222': elsewhere(
    cluster,
    'startGateway(nats.url',
  ),
  'npx -y pnpm@12 muster up &': as('npx -y pnpm@12 muster up'),
  'npx -y pnpm@12 muster up --clock x30 &': as('npx -y pnpm@12 muster up'),
  'npx -y pnpm@12 muster up --s3-folder objects &': as('npx -y pnpm@12 muster up'),
  'npx -y pnpm@12 muster up --clock virtual --json': stays(ready, freePorts),
  'npx -y pnpm@12 muster up --log-level debug': stays(ready, freePorts),
  'NODE_OPTIONS=--inspect-brk npx -y pnpm@12 muster up': stays(/Debugger listening on/, {
    '--inspect-brk': '--inspect-brk=0',
  }),
  'curl localhost:4566/_muster/decisions?effect=deny': elsewhere(
    'apps/server/test/wrong-input.test.ts',
    'decisions?effect=deny',
  ),

  // The command line
  'eval "$(npx -y pnpm@12 --silent muster env)"': elsewhere(
    'docs/test/readme.clients.test.ts',
    'Use it as AWS',
  ),
  'npx -y pnpm@12 muster env': ran(/^export AWS_ENDPOINT_URL=/m),
  'npx -y pnpm@12 muster exec -- COMMAND': ran(/^v26/m, { COMMAND: 'node --version' }),
  'npx -y pnpm@12 muster exec --clock virtual -- npm test': ran(/^v26/m, {
    'npm test': 'node --version',
  }),
  'npx -y pnpm@12 muster device create lamp': ran(/^# thing lamp, certificate [0-9a-f]{12}…/m),
  'npx -y pnpm@12 muster device create NAME': ran(/^# mosquitto: /m, { NAME: 'lamp-2' }),
  'npx -y pnpm@12 muster why': ran(/hint: |nothing was refused/),
  'npx -y pnpm@12 muster why lamp': elsewhere(denials, eachBlock),
  'npx -y pnpm@12 muster why THING': ran(/^\w+ {2}.*\n {2}next: /m, { THING: 'lamp' }),
  'lamp=.muster/devices/lamp': elsewhere(denials, eachBlock),
  'mosquitto_pub -h localhost -p 8883 --cafile $lamp/ca.pem --cert $lamp/device.pem --key $lamp/device.key -i lamp -q 1 -t lamp/temperature -m 21':
    elsewhere(denials, eachBlock),
  'npx -y pnpm@12 muster policy explain --policy policy.json --client-id lamp --thing lamp --action iot:Publish --resource topic/lamp/temperature':
    elsewhere(denials, eachBlock),
  'aws --endpoint-url "$AWS_ENDPOINT_URL" iot create-policy-version --policy-name muster-device --policy-document file://policy.json --set-as-default':
    elsewhere(denials, eachBlock),
  'curl -X PATCH localhost:4566/_muster/simulator -d \'{"failureRate":0.5}\'': elsewhere(
    'apps/simulator/test/steer.test.ts',
    'failureRate: 0.5',
  ),
  'npx -y pnpm@12 muster rehearse --job FILE --fleet FILE': elsewhere(
    rehearsals,
    "'--job', job, '--fleet', fleet, '--devices', '400'",
  ),
  'npx -y pnpm@12 muster rehearse --job packages/rehearse/fleets/firmware-job.json --fleet packages/rehearse/fleets/smart-homes.yaml':
    elsewhere(rehearsals, "'--job', job, '--fleet', fleet, '--devices', '400'"),
  'npx -y pnpm@12 muster rehearse --job packages/rehearse/fleets/firmware-job.json --fleet packages/rehearse/fleets/smart-homes.yaml --goal "touched <= 500, done <= 48h"':
    elsewhere(rehearsals, "'--goal', 'done <= 48h, touched <= 100%'"),
  'npx -y pnpm@12 muster rehearse --job job.json --live --fleet fleet.yaml': elsewhere(
    'apps/cli/test/rehearse-live.test.ts',
    "'--job', 'targeted.json', '--fleet', 'fleet.yaml'",
  ),
  'npx -y pnpm@12 rehearse:agree --devices 1000': elsewhere(
    'packages/rehearse/test/agreement.test.ts',
    'stage.compare(job, 7)',
  ),
  'npx -y pnpm@12 muster onboard': ran(/^2 devices onboarded/m, { onboard: 'onboard --devices 2' }),
  'npx -y pnpm@12 muster onboard --devices 8': as('npx -y pnpm@12 muster onboard'),
  'npx -y pnpm@12 muster simulate': ran(job, { simulate: 'simulate --devices 2' }),
  'npx -y pnpm@12 muster simulate --list': ran(/^ota-wave/m),
  'npx -y pnpm@12 muster simulate --scenario ota-wave --devices N': as(rollout),
  'npx -y pnpm@12 muster simulate --scenario ota-wave --devices 1000': as(rollout),
  [rollout]: ran(job, { 10000: '2' }),
  'mkdir -p objects/firmware && head -c 200000 /dev/urandom > objects/firmware/app.bin': elsewhere(
    'apps/simulator/test/ota.test.ts',
    'writeFileSync(file, content)',
  ),
  'npx -y pnpm@12 muster simulate --scenario ota-by-stream': elsewhere(
    'apps/simulator/test/ota.test.ts',
    "loadScenario('ota-by-stream')",
  ),
  'npx -y pnpm@12 muster simulate --scenario ./my-fleet.yaml --seed 7 --json': ran(/"ok":true/),
  'npx -y pnpm@12 muster simulate --scenario soak --duration 8h --html soak.html': ran(
    /^soak +[\d.]+ s, \d+ rounds?, \d+ jobs/m,
    { '8h': '2s --devices 4' },
  ),
  'npx -y pnpm@12 muster simulate --endpoint https://localhost:9443 --data-endpoint localhost:8883 --ca .muster/authority/ca.pem':
    ran(job, { simulate: 'simulate --devices 2' }),
  'npx -y pnpm@12 muster simulate --scenario mixed-protocols --devices 20 --profile dev --region eu-central-1':
    byHand('it makes things in an account of AWS'),
  'npx -y pnpm@12 muster backup': elsewhere(dataCommands, "run('backup'"),
  'npx -y pnpm@12 muster restore': elsewhere(dataCommands, "run('restore'"),
  'npx -y pnpm@12 muster check': elsewhere(dataCommands, "run('check')"),
  'npx -y pnpm@12 muster backup --out backup': ran(/of a running server/),
  'npx -y pnpm@12 muster restore backup --data copy': ran(/nothing is wrong/),
  'npx -y pnpm@12 muster check copy': elsewhere(dataCommands, "'check', 'elsewhere'"),
  'docker compose -f infra/compose.yaml exec server muster backup --data /data --out /data/backups/monday':
    byHand('it needs the composed containers; the command itself is tested'),
  'docker compose -f infra/compose.yaml cp server:/data/backups/monday ./monday': byHand(
    'it needs the composed containers',
  ),
  'npx -y pnpm@12 release:sbom --out FILE': elsewhere(
    'release/test/sbom.packages.test.ts',
    "'release/src/sbom.ts'",
  ),
  'npx -y pnpm@12 faults --cycles N': elsewhere('.ci/run', 'pnpm@12 faults --cycles'),
  'npx -y pnpm@12 faults --cluster --cycles 30': elsewhere('.ci/run', 'faults --cluster --cycles'),
  'npx -y pnpm@12 faults --cycles 100': as('npx -y pnpm@12 faults --cycles N'),
  'npx -y pnpm@12 muster policy decide': elsewhere(policies, "'decide'"),
  'npx -y pnpm@12 muster policy explain': elsewhere(policies, "'explain'"),
  'npx -y pnpm@12 muster policy audit': elsewhere(policies, "'audit'"),
  'npx -y pnpm@12 muster policy prove --policy policy.json --property no-foreign-jobs': elsewhere(
    'apps/cli/test/policy-prove.test.ts',
    "'no-foreign-jobs'",
  ),
  'npx -y pnpm@12 muster policy prove --live --property no-foreign-jobs': elsewhere(
    'apps/cli/test/policy-prove.test.ts',
    "'--live'",
  ),
  'npx -y pnpm@12 muster policy diff old.json new.json': elsewhere(
    'apps/cli/test/policy-diff.test.ts',
    "'diff', ...files",
  ),
  'npx -y pnpm@12 muster policy diff muster-device policy.json --live': elsewhere(
    'apps/cli/test/policy-diff.test.ts',
    "'--live'",
  ),
  'npx -y pnpm@12 muster up --record traffic.jsonl': stays(ready, freePorts),
  'npx -y pnpm@12 muster policy suggest --record traffic.jsonl --out policies': elsewhere(
    'apps/cli/test/policy-suggest.test.ts',
    "'--record', recordFile, '--out'",
  ),
  'npx -y pnpm@12 muster policy audit policy.json --sarif': ran(/"version": ?"2\.1\.0"/),
  'MUSTER_TRACE=1 npx -y pnpm@12 muster simulate --scenario no-such': ran(/^ +at .*\.ts:\d+/m),
  'npx -y pnpm@12 muster verify cases --cases FILE': elsewhere(
    'apps/cli/test/verify-cases.test.ts',
    "'cases'",
  ),
  'npx -y pnpm@12 verify:example': elsewhere('package.json', 'example-report.ts'),
  'npx -y pnpm@12 muster verify jobs --profile P --prefix NAME': elsewhere(
    verifyAccount,
    "'verify', 'jobs', '--yes'",
  ),
  'npx -y pnpm@12 muster verify jobs --profile staging --prefix ledger-check --report differences.md':
    elsewhere(verifyAccount, "'--report', report"),
  'npx -y pnpm@12 muster verify cases --profile staging --prefix ledger-check': elsewhere(
    verifyAccount,
    "'verify', 'cases', '--yes'",
  ),
  'npx -y pnpm@12 muster verify clients --profile staging --prefix ledger-check': elsewhere(
    'apps/cli/test/verify/verify-clients.clients.test.ts',
    "'verify', 'clients', '--yes'",
  ),
  'npx -y pnpm@12 muster verify jobs --profile staging --prefix ledger-check --dry-run': elsewhere(
    verifyAccount,
    "'--dry-run', ...account.flags()",
  ),
  'npx -y pnpm@12 muster verify jobs --profile staging --prefix ledger-check --clean-up': elsewhere(
    verifyAccount,
    "'--clean-up', ...account.flags()",
  ),
  'npx -y pnpm@12 muster verify jobs --scenarios FILE': elsewhere(
    'apps/server/test/jobs/scenarios-wire.test.ts',
    'WireTarget',
  ),
  'npx -y pnpm@12 muster verify jobs --scenarios packages/jobs/test/scenarios/jobs.json': elsewhere(
    'apps/cli/test/commands.test.ts',
    "'verify'",
  ),
  'muster exec --clock virtual -- pytest': elsewhere(
    'apps/cli/test/ci-examples.clients.test.ts',
    'pytest',
  ),
  'muster exec --clock virtual -- npx vitest run': elsewhere(
    'apps/cli/test/ci-examples.test.ts',
    'vitest',
  ),
  'muster exec --clock x60 -- sh rollout.sh': elsewhere(
    'apps/cli/test/ci-examples.test.ts',
    'rollout.sh',
  ),

  // Tests and checks
  'npx -y pnpm@12 test': elsewhere('.ci/bare-room', 'npx -y pnpm@12 test'),
  "npx -y pnpm@12 test packages/jobs -t 'jobs J43'": ran(allPassed, {
    'packages/jobs': 'packages/jobs/test/data-plane.test.ts',
  }),
  'npx -y pnpm@12 test packages/jobs/test/schedule.test.ts': ran(allPassed),
  'npx -y pnpm@12 --filter @muster/jobs test schedule': ran(/1 passed/),
  'MUSTER_TEST_LOG=debug npx -y pnpm@12 test apps/server/test/exposure.test.ts': ran(allPassed),
  'MUSTER_SEED=1764 npx -y pnpm@12 test packages/jobs/test/engine.property.test.ts': ran(
    allPassed,
    { MUSTER_SEED: 'MUSTER_RUNS=3 MUSTER_SEED' },
  ),
  'MUSTER_RUNS=1000 npx -y pnpm@12 test packages/store/test/restart.property.test.ts': ran(
    allPassed,
    { 1000: '1' },
  ),
  'MUSTER_FUZZ_SEED=7 MUSTER_FUZZ_PACKETS=20000 npx -y pnpm@12 test packages/broker/test/malformed.test.ts':
    ran(allPassed),
  'npx -y pnpm@12 test:watch': stays(/Waiting for file changes/, {
    'test:watch': 'test:watch packages/model',
  }),
  'npx -y pnpm@12 test:clients': elsewhere('scripts/ci-local.ts', '--clients'),
  'npx -y pnpm@12 test:cluster': elsewhere('.ci/run', 'npx -y pnpm@12 test:cluster'),
  'npx -y pnpm@12 check': elsewhere('scripts/ci-local.ts', 'check:lint'),
  'npx -y pnpm@12 format': elsewhere('package.json', '"check:format": "oxfmt --check"'),
  'npx -y pnpm@12 build': elsewhere('scripts/ci-local.ts', "'build'"),
  'npx -y pnpm@12 --filter @muster/console build': elsewhere('scripts/ci-local.ts', "'build'"),
  'npx -y pnpm@12 console:tour': byHand(
    'minutes long, and it writes the pictures of docs/console anew; its scenes are what the tests of the pages wait for',
  ),
  'npx -y pnpm@12 console:measure': elsewhere('apps/console/test/measure.test.ts', 'mainThreadOf'),
  'npx -y pnpm@12 ci:local': elsewhere('.ci/run', 'npx -y pnpm@12 ci:local'),

  // Benchmarks
  'npx -y pnpm@12 policy:pictures': ran(/policy-way\.svg/),
  'npx -y pnpm@12 policy:proofs': byHand('minutes long; the tests do 150 of its 10,000'),
  'npx -y pnpm@12 report:pictures': byHand(
    'makes pictures again that differ by what the machine was doing',
  ),
  'npx -y pnpm@12 bench': ran(/benchmarks: .*policy/),
  'npx -y pnpm@12 bench NAME --json': benchmark('policy'),
  'npx -y pnpm@12 bench policy': benchmark('policy'),
  'npx -y pnpm@12 bench policy --json': benchmark('policy'),
  'npx -y pnpm@12 bench gateway --json': benchmark('gateway'),
  'npx -y pnpm@12 bench --report': benchmark('start'),
  'npx -y pnpm@12 bench rollout': benchmark('rollout'),
  'npx -y pnpm@12 bench start': benchmark('start'),
  'npx -y pnpm@12 bench https': benchmark('https'),
  'npx -y pnpm@12 bench control': benchmark('control'),
  'npx -y pnpm@12 bench attack --json': benchmark('attack'),
  'MUSTER_BENCH_WORKLOADS=shadow npx -y pnpm@12 bench gateway --json': benchmark('gateway'),
  'MUSTER_BENCH_RUNS=1 npx -y pnpm@12 bench holds --json': benchmark('holds'),
  'npx -y pnpm@12 bench jobs --json': benchmark('jobs'),
  'npx -y pnpm@12 bench fleet': benchmark('fleet'),
  'npx -y pnpm@12 bench pki': benchmark('pki'),
  'npx -y pnpm@12 bench link': benchmark('link'),

  // With programs of others
  'aws --endpoint-url "$AWS_ENDPOINT_URL" iot create-job --job-id reboot --targets arn:aws:iot:us-east-1:123456789012:thing/lamp --document \'{"operation":"reboot"}\'':
    elsewhere('docs/test/readme.clients.test.ts', 'Use it as AWS'),
  'docker build -f infra/Dockerfile -t muster .': byHand(
    'it pulls its base from a container registry; infra/build-image.sh builds the same file',
  ),
  'infra/build-image.sh muster:latest': elsewhere('.ci/run', 'infra/build-image.sh muster:latest'),
  'infra/build-base.sh muster-base:bookworm': elsewhere(
    '.ci/run',
    'infra/build-base.sh muster-base:bookworm',
  ),
  'BASE_IMAGE=muster-base:bookworm infra/build-image.sh': elsewhere(
    '.ci/run',
    'BASE_IMAGE=muster-base:bookworm infra/build-image.sh',
  ),
  'docker run --rm -p 127.0.0.1:8883:8883 -p 127.0.0.1:8443:8443 -p 127.0.0.1:4566:4566 -e MUSTER_ACCESS_KEY_ID=operator -e MUSTER_SECRET_ACCESS_KEY="$(openssl rand -hex 20)" -e MUSTER_ADMIN_TOKEN="$(openssl rand -hex 20)" -v muster:/data muster up --bind 0.0.0.0 --data /data --hostname localhost':
    elsewhere('packages/testcontainers/src/muster-container.ts', '--bind=0.0.0.0'),
  'npx -y pnpm@12 muster load jobs-lifecycle --profile soak --duration 3600 --devices 2000 --rate 40 --html soak.html':
    elsewhere(load, "const soak = ['authorize', '--profile', 'soak'"),
  'npx -y pnpm@12 mutants --package shadow --count 8 --seed 3': elsewhere(
    'reliability/mutation/test/tests-process.test.ts',
    "'--package', 'shadow', '--seed', '3'",
  ),
  'npx -y pnpm@12 fuzz': elsewhere('reliability/fuzz/test/fuzz.test.ts', "fuzz(['--runs'"),
  'npx -y pnpm@12 fuzz mqtt-5 --seconds 600 --seed 7': as('npx -y pnpm@12 fuzz'),
  'npx -y pnpm@12 muster load k6 SCRIPT': elsewhere(loadK6, "['load', 'k6', script"),
  'npx -y pnpm@12 muster load k6 authorize-https --devices 8': elsewhere(loadK6, 'authorize-https'),
  'npx -y pnpm@12 muster load k6 jobs-mqtt --devices 8 --k6 ./k6-mqtt': elsewhere(
    'loadtest/test/k6/launch.test.ts',
    "script: 'jobs-mqtt'",
  ),
  "npx -y pnpm@12 muster exec -- sh -c 'npx -y pnpm@12 muster onboard --devices 4 && npx -y pnpm@12 muster load k6 jobs-https --devices 4 --json'":
    elsewhere(loadK6, 'load k6 jobs-https --devices 4 --json'),
  'SSL_CERT_FILE=.muster/authority/ca.pem k6 run --env THING_NAME=lamp --env KEY_FILE="$PWD/lamp.pem" loadtest/k6/scripts/jobs-https.ts':
    noK6,
  'go install go.k6.io/xk6/cmd/xk6@latest': noK6,
  'xk6 build --with github.com/grafana/xk6-mqtt@latest --output k6-mqtt': noK6,

  // Load
  'npx -y pnpm@12 muster load SCENARIO': elsewhere(loads, "'load', 'all', '--profile', 'smoke'"),
  'npx -y pnpm@12 muster load all': elsewhere(loads, "'load', 'all', '--profile', 'smoke'"),
  [smoke]: ran(soundLoad),
  'npx -y pnpm@12 muster load authorize --profile average --devices 500 --rate 1000 --duration 60 --html report.html':
    ran(soundLoad, { '--profile average --devices 500 --rate 1000 --duration 60': '--devices 5' }),
  'npx -y pnpm@12 muster load authorize --profile stress --devices 500 --json': elsewhere(
    load,
    "'--profile', 'stress'",
  ),
  'npx -y pnpm@12 muster load jobs-lifecycle --profile stress --devices 500 --json': elsewhere(
    load,
    "'--profile', 'stress'",
  ),
  'npx -y pnpm@12 muster load denied-flood --profile average': elsewhere(loads, "'denied-flood'"),
  'npx -y pnpm@12 muster load policy-churn --profile average': elsewhere(loads, "'policy-churn'"),
  'npx -y pnpm@12 muster load jobs-lifecycle --profile average --devices 500 --rate 500': elsewhere(
    loads,
    "'jobs-lifecycle'",
  ),
  'npx -y pnpm@12 muster load job-fanout --devices 2000 --rate 2000 --duration 1': ran(soundLoad, {
    2000: '120',
  }),
  'npx -y pnpm@12 muster load jobs-https --profile average': elsewhere(loads, "'jobs-https'"),
  'npx -y pnpm@12 muster load jobs-lifecycle --path https': ran(/^jobs-lifecycle over https/m),
  'npx -y pnpm@12 muster load list': elsewhere(load, "['load', 'list']"),
  'npx -y pnpm@12 muster load authorize --json > before.json': as(smoke),
  'npx -y pnpm@12 muster load authorize --json > after.json': as(smoke),
  'npx -y pnpm@12 muster load compare before.json after.json': elsewhere(load, "'load', 'compare'"),
  'npx -y pnpm@12 muster load authorize --aws-profile dev --region eu-central-1 --devices 10 --rate 20 --duration 30 --max-messages 2000':
    byHand('it makes things in an account of AWS'),
  'npx -y pnpm@12 muster load authorize --devices 2000 --workers 1 --closed --duration 20 --json':
    elsewhere(load, "'--closed'"),
  'npx -y pnpm@12 muster load jobs-https --devices 2000 --workers 1 --closed --duration 20 --json':
    elsewhere(load, "'--closed'"),
  'npx -y pnpm@12 muster load telemetry --devices 2000 --workers 1 --closed --duration 20 --json':
    elsewhere(load, "'--closed'"),

  // The packages, installed outside
  'npx -y pnpm@12 release:pack --out DIR': elsewhere(installed, "'release:pack', '--out'"),
  'npx -y file:/path/to/muster-cli-0.1.0.tgz up': elsewhere(installed, "outside.start('npx'"),
  'npm install --save-dev ./muster-cli-0.1.0.tgz': elsewhere(installed, "'install', ...quickly"),
  'npx --no muster start --once --devices 20 --json': elsewhere(
    installed,
    "'start', '--once', '--devices', '20', '--json'",
  ),
  'npx --no muster exec -- node device.ts': elsewhere(installed, "[...exec, 'device.ts']"),
  'npm install ./muster-policy-0.1.0.tgz': elsewhere(installed, "'install', ...quickly"),
  'npm install ./muster-jobs-0.1.0.tgz': elsewhere(installed, "'install', ...quickly"),
  'npm install ./muster-conformance-0.1.0.tgz': elsewhere(installed, "'install', ...quickly"),
  'npm install ./muster-device-0.1.0.tgz @aws-sdk/client-iot': elsewhere(
    installed,
    "'@aws-sdk/client-iot'",
  ),
  'npm install --save-dev ./muster-testcontainers-0.1.0.tgz': elsewhere(
    installed,
    "'install', ...quickly",
  ),
}
