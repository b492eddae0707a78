import type { Request } from 'express'
import { textIn } from '../lib/text.ts'
import { translateAny } from '../locales/index.ts'
import { allStages, type SetupFacts } from './setup.ts'

/** What a stage is called in this park; a code it no longer has stands for itself. */
export function stageNames({ lang }: Pick<Request, 'lang'>, setup: SetupFacts): (code: string) => string {
  const own = new Map(allStages(setup).map(({ code, name }) => [code, name]))
  return code => {
    const name = own.get(code)
    if (name) return textIn(name, lang).text
    const key = `lead.stage.${code}`
    const word = translateAny(lang, key)
    return word === key ? code : word
  }
}
