import { model, Schema } from 'mongoose'
import { type ParkOwned, parkOwned, scopedOne } from '../lib/park-scope.ts'
import type { Bilingual } from '../lib/text.ts'

/** How a park works on its leads: its stages, and what one person may take. */
export interface Stage {
  code: string
  /** Null: the product's own word for it. */
  name: Bilingual | null
  /** How likely a lead that has come so far moves in, in percent: what forecasts count it with. */
  weight: number
}

export interface SetupFacts {
  /** The stages of open leads, in order: the first is where new ones begin. */
  stages: Stage[]
  /** Stages that follow from the lease: once there is a draft, and once somebody moved in. */
  signing: Bilingual | null
  moved: Bilingual | null
  signingWeight: number
  /** Open leads one person may have; what they enter themselves counts, and isn't refused. */
  ownLimit: number
  /** After so many days without anything happening an open lead goes back to the pool; 0: never. */
  idleDays: number
  /** So many days before, its owner is told. */
  warnDays: number
  /** Units one person may hold at a time. */
  holdLimit: number
  /** Days for which a unit may be held without a manager's approval. */
  holdDays: number
}

export interface LeadSetup extends ParkOwned, SetupFacts {
  version: number
}

export const SIGNING = 'signing'
export const MOVED = 'moved'
/** Codes a park's own stage can't have: what follows from the lease, and how a lead ends. */
export const RESERVED_STAGES: readonly string[] = [SIGNING, MOVED, 'lost', 'merged']

export const USUAL: SetupFacts = {
  stages: [
    { code: 'new', name: null, weight: 5 },
    { code: 'contact', name: null, weight: 10 },
    { code: 'viewing', name: null, weight: 25 },
    { code: 'intent', name: null, weight: 50 },
    { code: 'negotiation', name: null, weight: 75 },
  ],
  signing: null,
  moved: null,
  signingWeight: 90,
  ownLimit: 60,
  idleDays: 30,
  warnDays: 5,
  holdLimit: 5,
  holdDays: 14,
}

const maybe = { type: new Schema({ zh: String, en: String }, { _id: false }), default: null }
const whole = { type: Number, required: true }
const schema = parkOwned<LeadSetup>(
  {
    stages: { type: [{ _id: false, code: String, name: maybe, weight: Number }], required: true } as never,
    signing: maybe as never,
    moved: maybe as never,
    signingWeight: whole,
    ownLimit: whole,
    idleDays: whole,
    warnDays: whole,
    holdLimit: whole,
    holdDays: whole,
    version: { type: Number, default: 0 },
  },
  { versionKey: false },
)
schema.index({ park: 1 }, { unique: true })
export const LeadSetup = model('LeadSetup', schema, 'leadsetups')

/** As the park decided; what it hasn't decided is as usual. Version 0 until it has. */
export async function setupOf(park: string): Promise<SetupFacts & { version: number }> {
  const found = await scopedOne<LeadSetup>(LeadSetup, { park })
  return found ? { ...USUAL, ...found } : { ...USUAL, version: 0 }
}

export const firstStage = ({ stages }: Pick<SetupFacts, 'stages'>): string => stages[0]!.code
export const isOpenStage = ({ stages }: Pick<SetupFacts, 'stages'>, code: string): boolean => stages.some(stage => stage.code === code)
/** The stage a lead comes back to: the one it was in, where the park still has it. */
export const stageAgain = (setup: Pick<SetupFacts, 'stages'>, code: string): string => (isOpenStage(setup, code) ? code : firstStage(setup))
export const weightOf = ({ stages, signingWeight }: Pick<SetupFacts, 'stages' | 'signingWeight'>, code: string): number =>
  code === MOVED ? 100 : code === SIGNING ? signingWeight : (stages.find(stage => stage.code === code)?.weight ?? 0)
/** All stages of the board, in order. */
export const allStages = ({ stages, signing, moved, signingWeight }: SetupFacts): Stage[] => [
  ...stages,
  { code: SIGNING, name: signing, weight: signingWeight },
  { code: MOVED, name: moved, weight: 100 },
]
