/** Imports, exports, files. */
export const shared = { files: { title: '文件' } } as const
