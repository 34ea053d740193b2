// node extract-files.mjs kreuzberg|mammoth|officeparser PASSES LIST: extracts the files that LIST names, a
// line each, so many times over in one process, and throws the text away. Prints the files it failed on as
// JSON. What is kept from call to call to save work (Kreuzberg's cache of texts) is switched off.
import fs from 'node:fs'

const tools = {
  kreuzberg: async () => {
    const { extractFileSync } = await import('@kreuzberg/node')
    return (file) => extractFileSync(file, null, { useCache: false, enableQualityProcessing: false }).content
  },
  mammoth: async () => {
    const { default: mammoth } = await import('mammoth')
    return async (file) => (await mammoth.extractRawText({ path: file })).value
  },
  officeparser: async () => {
    const { parseOffice } = await import('officeparser')
    return async (file) => (await parseOffice(file)).toText()
  },
}

const [, , tool, passes, list] = process.argv
const extract = await tools[tool]()
const files = fs.readFileSync(list, 'utf8').split('\n').filter(Boolean)
const failed = new Set()
for (let pass = 0; pass < Number(passes); pass++) {
  for (const file of files) {
    try {
      await extract(file)
    } catch {
      failed.add(file)
    }
  }
}
console.log(JSON.stringify([...failed]))
process.exit(0)
