import { createHash, createHmac, randomBytes, randomInt } from 'node:crypto'

/** The secret address of a place, the short code of a QR, and the code of a certificate. */
const SHAPE = /^[\w-]{32}$/
export const isToken = (text: string): boolean => SHAPE.test(text)

/**
 * A form's key makes one address: a double submit, which gets the answer of its twin, is led to the address its twin made. Only who
 * holds the key and the server's secret could make it again.
 */
export const tokenFor = (key: string | null, secret: string): string =>
  key
    ? createHmac('sha256', secret).update(`place:${key}`).digest().subarray(0, 24).toString('base64url')
    : randomBytes(24).toString('base64url')

export const newToken = (): string => randomBytes(24).toString('base64url')
export const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex')

/** Without what is mistaken for something else when it is read aloud or typed: 0 O, 1 I L. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const word = (length: number): string => Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('')

/** 31^10: can't be guessed through a check-in desk. */
export const newPass = (): string => word(10)
export const newCode = (): string => word(12)

/** A code as somebody typed it. */
export const plainCode = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '')

export const placePath = (park: string, token: string): string => `/parks/${park}/attendance/${token}`
export const passPath = (park: string, pass: string): string => `/parks/${park}/programme/pass/${pass}`
