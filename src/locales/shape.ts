/** The keys of one language's texts with any string behind them: the other language must have exactly these. */
export type Shape<T> = { readonly [K in keyof T]: T[K] extends string ? string : Shape<T[K]> }
