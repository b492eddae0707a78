import type { Request } from 'express'
import { textIn } from '../lib/text.ts'
import { translateAny } from '../locales/index.ts'
import { allStages, type SetupFacts, type Stage } from './setup.ts'

type Reader = Pick<Request, 'lang'>

/** A stage's name: the park's own, or the product's word for it; a code there is no word for stands for itself. */
export function stageName({ lang }: Reader, { code, name }: Pick<Stage, 'code' | 'name'>): string {
  if (name) return textIn(name, lang).text
  const key = `lead.stage.${code}`
  const word = translateAny(lang, key)
  return word === key ? code : word
}

/** What the stages of a park are called, by their code. */
export function stageNames(reader: Reader, setup: SetupFacts): (code: string) => string {
  const own = new Map(allStages(setup).map(stage => [stage.code, stage]))
  return code => stageName(reader, own.get(code) ?? { code, name: null })
}
