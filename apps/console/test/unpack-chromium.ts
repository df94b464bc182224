/** Unpacks the packaged Chromium into the temporary folder of this process. */
import chromium from '@sparticuz/chromium'

chromium.setGraphicsMode = false
await chromium.executablePath()
