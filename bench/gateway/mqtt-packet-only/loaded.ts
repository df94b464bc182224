/**
 * `node --import` this: the broker's codec gives way to the modules beside this file, so that what
 * the hand-written path is worth can be measured without a switch in the product.
 */
import { registerHooks } from 'node:module'

const replaced = ['packet-decoder.ts', 'encode-publish.ts', 'encode.ts']

registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context)
    const name = replaced.find((one) => found.url.endsWith(`/broker/src/codec/${one}`))
    // The modules beside this file mean the ones that they stand for.
    if (name === undefined || context.parentURL?.startsWith(new URL('.', import.meta.url).href)) {
      return found
    }
    return { ...found, url: new URL(name, import.meta.url).href }
  },
})
