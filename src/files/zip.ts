import yauzl from 'yauzl'

/**
 * Whether an archive inflates to at most `max` bytes in all. It is inflated and counted, a piece at a time: sizes that an archive
 * declares can be forged, and 300 kB can hold 750 MB. What is no archive doesn't.
 */
export function inflatesTo(archive: Buffer, max: number): Promise<boolean> {
  return new Promise(resolve => {
    yauzl.fromBuffer(archive, { lazyEntries: true, validateEntrySizes: false }, (error, zip) => {
      if (error) return resolve(false)
      let [size, entries] = [0, 0]
      const end = (fits: boolean) => {
        zip.close()
        resolve(fits)
      }
      zip.on('error', () => end(false))
      zip.on('end', () => end(true))
      zip.on('entry', (entry: yauzl.Entry) => {
        entries += 1
        if (entries > 2000) return end(false)
        if (entry.fileName.endsWith('/')) return zip.readEntry()
        zip.openReadStream(entry, (broken, stream) => {
          if (broken) return end(false)
          stream.on('data', (piece: Buffer) => {
            size += piece.length
            if (size <= max) return
            stream.destroy()
            end(false)
          })
          stream.on('error', () => end(false))
          stream.on('end', () => zip.readEntry())
        })
      })
      zip.readEntry()
    })
  })
}
