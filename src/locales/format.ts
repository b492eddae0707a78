import type { Area } from '../lib/area.ts'
import { FOREVER } from '../lib/days.ts'
import { type Fen, plainYuan } from '../lib/money.ts'
import { clockOf } from '../lib/wall.ts'
import type { Lang } from './index.ts'

/** Numbers, areas, money and dates as a page shows them. Formatters are made once: making one costs more than a page. */
function build(lang: Lang) {
  const number = new Intl.NumberFormat(lang)
  const decimals = new Intl.NumberFormat(lang, { maximumFractionDigits: 2 })
  const yuan = new Intl.NumberFormat(lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const percent = new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 1 })
  const moments = new Map<string, Intl.DateTimeFormat>()
  const weekdays = new Intl.DateTimeFormat(lang, { weekday: 'long', timeZone: 'UTC' })
  const months = new Intl.DateTimeFormat(lang, { month: 'short', timeZone: 'UTC' })

  function moment(zone: string): Intl.DateTimeFormat {
    let format = moments.get(zone)
    if (!format) {
      const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
      format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, ...parts })
      moments.set(zone, format)
    }
    return format
  }

  return {
    number: (value: number): string => number.format(value),
    /** Hundredths of a square metre. */
    area: (area: Area): string => `${decimals.format(area / 100)} ㎡`,
    areaNumber: (area: Area): string => decimals.format(area / 100),
    money: (fen: Fen): string => `${fen < 0 ? '-' : ''}¥${yuan.format(Math.abs(fen) / 100)}`,
    plainYuan,
    /** Minutes since midnight by the clocks. */
    clock: clockOf,
    /** A share between 0 and 1; “–” where there is nothing to divide by. */
    percent: (share: number | null): string => (share === null ? '–' : percent.format(share)),
    day: (day: string | null | undefined): string => (!day ? '–' : day === FOREVER ? '∞' : day),
    moment: (instant: Date | string, zone = 'Asia/Shanghai'): string => moment(zone).format(new Date(instant)),
    weekday: (day: string): string => weekdays.format(new Date(`${day}T00:00:00Z`)),
    month: (day: string): string => months.format(new Date(`${day}T00:00:00Z`)),
  }
}

export type Format = ReturnType<typeof build>
const formats: Record<Lang, Format> = { 'zh-CN': build('zh-CN'), en: build('en') }
export const formatter = (lang: Lang): Format => formats[lang]
