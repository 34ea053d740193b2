// Is a file what Supabase's own generator writes of the same database? Layout aside, and the helper
// types, which are ours. Exits with 77 when it cannot tell.
// node parity.js SOCKET-FOLDER DATABASE FILE
import fs from "node:fs"
import pg from "pg"

let introspect, generateTypescript, sortGeneratorMetadata
try {
  ;({ introspect } = await import("@supabase/postgrest-typegen/introspection"))
  ;({ generateTypescript, sortGeneratorMetadata } = await import(
    "@supabase/postgrest-typegen/generation"
  ))
} catch (error) {
  console.error(String(error.message).split("\n")[0])
  process.exit(77)
}

/** From `type Json` to the end of Database, and Constants: without spaces and separators. */
function essence(text) {
  const database = text.slice(text.indexOf("export type Json"), text.indexOf("\n}\n\ntype "))
  const constants = text.slice(text.indexOf("export const Constants"))
  return (database + constants)
    .replace(/'((?:[^'\\\n]|\\.)*)'/g, (_, inside) => JSON.stringify(inside.replaceAll("\\'", "'")))
    .replace(/[\s;,|]+/g, "")
}

const [host, database, file] = process.argv.slice(2)
const pool = new pg.Pool({ host, port: 5432, user: "postgres", database })
const metadata = sortGeneratorMetadata(await introspect(pool, { includedSchemas: ["public"] }))
const theirs = essence(await generateTypescript(metadata, { detectOneToOneRelationships: true }))
const ours = essence(fs.readFileSync(file, "utf8"))
await pool.end()
if (ours !== theirs) {
  let at = 0
  while (ours[at] === theirs[at]) at++
  console.error(`ours:   ${ours.slice(at - 60, at + 60)}\ntheirs: ${theirs.slice(at - 60, at + 60)}`)
  process.exit(1)
}
