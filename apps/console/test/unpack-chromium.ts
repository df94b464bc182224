/** Unpacks the packaged Chromium, its libraries and its fonts into the temporary folder of this process. */
import { fileURLToPath } from 'node:url'
import { inflate } from '@sparticuz/chromium'

const archives = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br']
const bin = new URL('../bin/', import.meta.resolve('@sparticuz/chromium'))

await Promise.all(archives.map((archive) => inflate(fileURLToPath(new URL(archive, bin)))))
